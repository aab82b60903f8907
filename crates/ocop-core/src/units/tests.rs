//! Names that people type, and the places they mean.

use super::*;

fn place(line: &str) -> Place {
    let cells: Vec<&str> = line.split('|').collect();
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Place::new(
        cells[0].to_owned(),
        cells[1].to_owned(),
        cells[2].to_owned(),
        filled(cells[3]),
        filled(cells[4]),
        filled(cells[5]),
    )
}

fn quang_ninh() -> Gazetteer {
    let today = [
        "06673|Phường Bãi Cháy|phuong|22|2025-07-01|",
        "06667|Phường Hà Lầm|phuong|22|2025-07-01|",
        "06838|Xã Bình Liêu|xa|22|2025-07-01|",
        "06841|Xã Hoành Mô|xa|22|2025-07-01|",
        "07030|Phường Hoành Bồ|phuong|22|2025-07-01|",
        "07045|Xã Thống Nhất|xa|22|2025-07-01|",
        "00001|Xã Đông Hưng|xa|22|2025-07-01|",
        "00002|Xã Đông Hùng|xa|22|2025-07-01|",
    ];
    let former = [
        "22|Tỉnh Quảng Ninh|tinh|||2025-06-30",
        "193|Thành phố Hạ Long|thanh-pho|22||2025-06-30",
        "198|Huyện Bình Liêu|huyen|22||2025-06-30",
        "204|Huyện Hoành Bồ|huyen|22||2019-12-31",
        "205|Thị xã Đông Triều|thi-xa|22||2024-10-31",
        "205|Thành phố Đông Triều|thanh-pho|22|2024-11-01|2025-06-30",
        "06673|Phường Bãi Cháy|phuong|193||2025-06-30",
        "06679|Phường Hùng Thắng|phuong|193||2025-06-30",
        "06661|Phường Giếng Đáy|phuong|193||2025-06-30",
        "06668|Phường 5|phuong|193||2025-06-30",
        "06838|Thị trấn Bình Liêu|thi-tran|198||2025-06-30",
        "06844|Xã Hòa Bình|xa|193||2025-06-30",
        "06847|Xã Đồng Văn|xa|198||2025-06-30",
        "07096|Phường Tràng An|phuong|205||2025-06-30",
    ];
    let succession = [
        ("06673", "06673"),
        ("06679", "06673"),
        ("06661", "06673"),
        ("06661", "06667"),
        ("06668", "06667"),
        ("06838", "06838"),
        ("06844", "07045"),
        ("06847", "06841"),
        ("07096", "00001"),
    ];
    let mut pairs: Vec<Succession> = succession
        .iter()
        .map(|(former, code)| ((*former).to_owned(), "2025-06-30".to_owned(), (*code).to_owned()))
        .collect();
    for code in ["07030", "07045"] {
        pairs.push(("204".to_owned(), "2019-12-31".to_owned(), code.to_owned()));
    }
    Gazetteer::new(today.map(place).to_vec(), former.map(place).to_vec(), pairs)
}

#[test]
fn what_people_type_becomes_a_commune_of_today() {
    let gazetteer = quang_ninh();
    for (commune, district, code, former) in [
        ("Bãi Cháy", "", "06673", None),
        ("P. Bãi Cháy", "", "06673", None),
        ("P.Bãi Cháy", "TP Hạ Long", "06673", Some("193")),
        ("phường bãi cháy", "", "06673", None),
        ("06673", "", "06673", None),
        ("BAI CHAY", "193", "06673", Some("193")),
        ("Bình Liêu", "huyện Bình Liêu", "06838", Some("198")),
        ("Bình Liêu", "Bình Liêu", "06838", Some("198")),
        ("thị trấn Bình Liêu", "", "06838", Some("06838")),
        ("Hùng Thắng", "", "06673", Some("06679")),
        ("P. 05", "", "06667", Some("06668")),
        ("xã Hoà Bình", "", "07045", Some("06844")),
        ("", "Phường Hùng Thắng, thành phố Hạ Long", "06673", Some("06679")),
        ("Bãi Cháy", "Phường Bãi Cháy, thành phố Hạ Long", "06673", Some("06673")),
        ("Hùng Thắng, TP. Hạ Long, Quảng Ninh", "", "06673", Some("06679")),
        ("Hoành Bồ", "Huyện Hoành Bồ", "07030", Some("204")),
        ("xã Bãi Cháy", "", "06673", None),
        ("Xã Đông Hùng", "", "00002", None),
        ("đông hưng", "", "00001", None),
        ("Đông Hưng", "Đông Triều", "00001", Some("205")),
    ] {
        let expected = Resolved { commune: code.to_owned(), former_unit: former.map(str::to_owned) };
        assert_eq!(gazetteer.resolve(commune, district), Ok(expected), "{commune} / {district}");
    }
}

#[test]
fn what_cannot_be_placed_says_why() {
    let gazetteer = quang_ninh();
    for (commune, district, sentence) in [
        ("", " ", "Chưa ghi xã, phường hoặc đặc khu. Hãy ghi tên hoặc mã."),
        (
            "Sa Pa",
            "",
            "Không có xã, phường, đặc khu «Sa Pa» trong tỉnh này. Hãy kiểm tra tên hoặc ghi mã 5 chữ số.",
        ),
        (
            "Bãi Cháy",
            "Huyện Sa Pa",
            "Không có đơn vị hành chính cũ «Huyện Sa Pa» trên địa bàn tỉnh này. Hãy kiểm tra tên, hoặc để trống.",
        ),
        (
            "Giếng Đáy",
            "",
            "«Giếng Đáy» có thể là Phường Hà Lầm (06667), Phường Bãi Cháy (06673). Hãy ghi rõ một đơn vị.",
        ),
        (
            "dong hung",
            "",
            "«dong hung» có thể là Xã Đông Hưng (00001), Xã Đông Hùng (00002). Hãy ghi rõ một đơn vị.",
        ),
        (
            "Hoành Mô",
            "Hạ Long",
            "Xã Hoành Mô không nằm trên địa bàn Thành phố Hạ Long trước đây. Hãy sửa một trong hai ô.",
        ),
    ] {
        let refusal = gazetteer.resolve(commune, district).unwrap_err();
        assert_eq!(refusal.to_string(), sentence, "{commune} / {district}");
    }
}

#[test]
fn a_unit_is_told_as_it_was_on_a_day() {
    let gazetteer = quang_ninh();
    let name = |day| gazetteer.former("205", Some(day)).map(|place| place.name.clone());
    assert_eq!(name("2022-12-02").as_deref(), Some("Thị xã Đông Triều"));
    assert_eq!(name("2024-11-01").as_deref(), Some("Thành phố Đông Triều"));
    assert_eq!(name("2025-07-01"), None);
    let ward = gazetteer.former("06673", None).unwrap();
    let line: Vec<&str> = gazetteer.lineage(ward).iter().map(|place| place.code.as_str()).collect();
    assert_eq!(line, ["06673", "193", "22"]);
}

#[test]
fn depth_does_not_matter_and_a_circle_ends() {
    let former = [
        "1|Miền A|vung|||2025-06-30",
        "11|Tỉnh A|tinh|1||2025-06-30",
        "111|Huyện A|huyen|11||2025-06-30",
        "1111|Xã A|xa|111||2025-06-30",
        "8|X|xa|9||2025-06-30",
        "9|Y|xa|8||2025-06-30",
    ];
    let today = vec![place("05|Xã Mới|xa|2|2025-07-01|")];
    let pair = ("1111".to_owned(), "2025-06-30".to_owned(), "05".to_owned());
    let gazetteer = Gazetteer::new(today, former.map(place).to_vec(), vec![pair]);
    let top = gazetteer.former("1", None).unwrap();
    assert_eq!(gazetteer.successors(top), BTreeSet::from(["05".to_owned()]));
    let leaf = gazetteer.former("1111", None).unwrap();
    assert_eq!(gazetteer.lineage(leaf).len(), 4);
    let circle = gazetteer.former("8", None).unwrap();
    assert_eq!(gazetteer.lineage(circle).len(), 2);
    assert!(gazetteer.successors(circle).is_empty());
}
