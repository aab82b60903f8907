//! How papers name bodies and places.

use ocop_core::people::SeatKind;
pub(crate) use ocop_core::text::in_sentence;
use ocop_core::units::CENTRE;
use ocop_documents::Signature;
use ocop_store::councils::Seat;
use ocop_store::units::Unit;

/// The kinds that a unit's official name begins with.
const KINDS: [&str; 5] = ["Tỉnh ", "Thành phố ", "Xã ", "Phường ", "Đặc khu "];

/// How the body begins that people write behind a position.
const BODIES: [&str; 5] =
    [" UBND", " Ủy ban nhân dân", " Uỷ ban nhân dân", " ủy ban nhân dân", " Bộ Nông nghiệp và Môi trường"];

/// A unit without its kind, as it stands before a date: `Quảng Ninh`.
pub(crate) fn place(unit: &Unit) -> String {
    if unit.code == CENTRE {
        return "Hà Nội".to_owned();
    }
    KINDS.iter().find_map(|kind| unit.name.strip_prefix(kind)).unwrap_or(&unit.name).to_owned()
}

/// Whose products a paper tells of: `tỉnh Quảng Ninh`, or `cấp trung ương` for the centre, which is no province.
pub(crate) fn area(unit: &Unit) -> String {
    if unit.code == CENTRE {
        return "cấp trung ương".to_owned();
    }
    in_sentence(&unit.name)
}

/// `Ủy ban nhân dân tỉnh Quảng Ninh`; the ministry at the centre.
pub(crate) fn committee(unit: &Unit) -> String {
    if unit.code == CENTRE {
        return unit.name.clone();
    }
    format!("Ủy ban nhân dân {}", in_sentence(&unit.name))
}

/// The same for the head of a paper, where it may only break before the unit.
pub(crate) fn committee_head(unit: &Unit) -> String {
    if unit.code == CENTRE {
        return unit.name.clone();
    }
    let unbroken = |text: &str| text.replace(' ', "\u{a0}");
    format!("{} {}", unbroken("Ủy ban nhân dân"), unbroken(&in_sentence(&unit.name)))
}

/// `Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh`, or the Minister: who decides.
pub(crate) fn chairman(unit: &Unit) -> String {
    format!("{} {}", head_of(unit), committee(unit))
}

/// Who heads an office: `Chủ tịch`, or `Bộ trưởng` at the centre.
pub(crate) fn head_of(unit: &Unit) -> &'static str {
    if unit.code == CENTRE { "Bộ trưởng" } else { "Chủ tịch" }
}

/// The law that an office's decisions rest on first.
pub(crate) fn law_of(unit: &Unit) -> &'static str {
    if unit.code == CENTRE {
        "Căn cứ Luật Tổ chức Chính phủ ngày 18 tháng 02 năm 2025"
    } else {
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025"
    }
}

/// The office's own body that manages the programme.
pub(crate) fn programme_office(unit: &Unit) -> &'static str {
    if unit.code == CENTRE {
        "Cơ quan tham mưu quản lý OCOP trung ương"
    } else {
        "Cơ quan tham mưu quản lý OCOP cấp tỉnh"
    }
}

/// Where the council's secretary signs.
pub(crate) fn secretary(seats: &[Seat]) -> Signature {
    Signature {
        authority: vec!["Thư ký Hội đồng".to_owned()], name: holder(seats, SeatKind::Secretary)
    }
}

/// Where the council's chair signs.
pub(crate) fn chair(seats: &[Seat]) -> Signature {
    Signature {
        authority: vec!["TM. Hội đồng".to_owned(), "Chủ tịch".to_owned()],
        name: holder(seats, SeatKind::Chair),
    }
}

fn holder(seats: &[Seat], kind: SeatKind) -> Option<String> {
    seats.iter().find(|seat| seat.kind == kind).map(|seat| seat.name.clone())
}

/// Who signed a decision, as it was recorded: `Chủ tịch UBND tỉnh`, or with the name behind a comma,
/// `Chủ tịch UBND tỉnh, Nguyễn Văn Thử`.
pub(crate) fn signed_by(recorded: &str) -> Signature {
    let (position, name) =
        recorded.rsplit_once(',').map_or((recorded, None), |(position, name)| (position, Some(name)));
    Signature {
        authority: authority(position.trim()),
        name: name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
    }
}

/// Authority and position above a signature: a deputy signs for the head (Decree 30/2020/NĐ-CP,
/// Article 13.2), and a position does not repeat the body that stands in the paper's head.
fn authority(recorded: &str) -> Vec<String> {
    let position = BODIES.iter().find_map(|body| recorded.split_once(body)).map_or(recorded, |(of, _)| of);
    let head = deputy_of(position).map(|head| format!("KT. {head}"));
    head.into_iter().chain([position.to_owned()]).collect()
}

/// Whose deputy a position is: `Phó Chủ tịch` of `Chủ tịch`, `Thứ trưởng` of `Bộ trưởng`.
fn deputy_of(position: &str) -> Option<String> {
    if let Some(ministry) = position.strip_prefix("Thứ trưởng") {
        return Some(format!("Bộ trưởng{ministry}"));
    }
    let mut letters = position.strip_prefix("Phó ")?.chars();
    Some(letters.next()?.to_uppercase().chain(letters).collect())
}

/// The same for a letter of a People's Committee, in whose name its chairman signs.
pub(crate) fn signed_for_committee(recorded: &str) -> Signature {
    let mut signature = signed_by(recorded);
    signature.authority.insert(0, "TM. Ủy ban nhân dân".to_owned());
    signature
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_named_after_their_unit() {
        let unit = |code: &str, name: &str| Unit {
            code: code.to_owned(),
            name: name.to_owned(),
            kind: String::new(),
            parent: None,
            valid_from: String::new(),
            valid_to: None,
        };
        let check = |name: &str, committee_is: &str, place_is: &str| {
            let unit = unit("", name);
            assert_eq!((committee(&unit).as_str(), place(&unit).as_str()), (committee_is, place_is));
        };
        assert_eq!(area(&unit("22", "Tỉnh Quảng Ninh")), "tỉnh Quảng Ninh");
        assert_eq!(area(&unit(CENTRE, "Bộ Nông nghiệp và Môi trường")), "cấp trung ương");
        check("Tỉnh Quảng Ninh", "Ủy ban nhân dân tỉnh Quảng Ninh", "Quảng Ninh");
        check("Thành phố Hà Nội", "Ủy ban nhân dân thành phố Hà Nội", "Hà Nội");
        check("Đặc khu Vân Đồn", "Ủy ban nhân dân đặc khu Vân Đồn", "Vân Đồn");
        check("Phường Ba Đình", "Ủy ban nhân dân phường Ba Đình", "Ba Đình");
    }

    #[test]
    fn a_recorded_signer_has_a_position_and_perhaps_a_name() {
        let check = |recorded: &str, authority: &[&str], name: Option<&str>| {
            let signature = signed_by(recorded);
            let lines: Vec<&str> = signature.authority.iter().map(String::as_str).collect();
            assert_eq!((lines.as_slice(), signature.name.as_deref()), (authority, name), "{recorded}");
        };
        check("Chủ tịch UBND tỉnh", &["Chủ tịch"], None);
        check("Phó Chủ tịch UBND tỉnh, Vũ Đình Thử", &["KT. Chủ tịch", "Phó Chủ tịch"], Some("Vũ Đình Thử"));
        check("Phó chủ tịch Ủy ban nhân dân xã, A", &["KT. Chủ tịch", "Phó chủ tịch"], Some("A"));
        check("Giám đốc, ", &["Giám đốc"], None);
        check("Bộ trưởng, B", &["Bộ trưởng"], Some("B"));
        check("Thứ trưởng, Vũ Đình Thử", &["KT. Bộ trưởng", "Thứ trưởng"], Some("Vũ Đình Thử"));
        let ministry = "Thứ trưởng Bộ Nông nghiệp và Môi trường";
        check(ministry, &["KT. Bộ trưởng", "Thứ trưởng"], None);
        let lines = signed_for_committee("Phó Chủ tịch, Vũ Đình Thử").authority;
        assert_eq!(lines, ["TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"]);
    }
}
