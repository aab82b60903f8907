//! Every form that changes something, filled in so that it is taken once, and what is told the second time.

use anyhow::Context as _;
use e2e::Fetch;

use crate::stage::{
    ADVISOR, ASKED, CHAIR, COMMUNE, COMPLETING, MEMBER, NEWCOMER, OFFICE, OTHER_COMMUNE, PASSWORD, PRODUCER,
    Reading, SECRETARY, Stage, id_of, ids_after,
};

/// A form that somebody sends.
pub struct Verb {
    /// Who sends it; empty for somebody who is not signed in.
    pub who: &'static str,
    /// The page that it stands on.
    pub page: String,
    /// Where it is sent; empty for the page itself.
    pub action: String,
    /// Where its second button sends it; empty for the first.
    pub button: String,
    /// What is filled in. A name may come twice.
    pub fill: Vec<(&'static str, String)>,
    /// What is told when it is sent again; empty when it only leads on and changes nothing.
    pub again: &'static str,
    /// Entries in the journal: one for each subject that changes.
    pub entries: u64,
}

impl Verb {
    /// The fields that are sent.
    pub async fn fields(&self, fetch: &mut Fetch) -> anyhow::Result<(String, Vec<(String, String)>)> {
        let form = fetch.form(&self.page, &self.action).await;
        let form = form.with_context(|| format!("{} by {}", self.page, self.who))?;
        let filled = |name: &str| self.fill.iter().any(|(known, _)| *known == name);
        let mut fields: Vec<(String, String)> = form
            .sent()
            .into_iter()
            .filter(|(name, _)| !filled(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        fields.extend(self.fill.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let action = if self.button.is_empty() { form.action } else { self.button.clone() };
        Ok((action, fields))
    }
}

fn verb(
    who: &'static str,
    page: &str,
    action: &str,
    fill: &[(&'static str, &str)],
    again: &'static str,
) -> Verb {
    let fill = fill.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Verb {
        who,
        page: page.to_owned(),
        action: action.to_owned(),
        button: String::new(),
        fill,
        again,
        entries: 1,
    }
}

/// What is told about a save that comes too late.
const STALE: &str = "đã được thay đổi ở nơi khác";

/// What a producer does, from the account to the answer to the advisory team.
pub async fn of_producers(stage: &Stage) -> anyhow::Result<Vec<Verb>> {
    let mut producer = stage.enter(PRODUCER).await?;
    let draft = stage.draft().await?;
    let product = producer.link(&draft, "/products/").await?;
    let owner = producer.link(&product, "/producers/").await?;
    let fresh = fresh_product(&mut producer, &owner).await?;
    let request = stage.enter(ASKED).await?.link("/home", "/dossiers/").await?;
    let completing = stage.dossier("completing").await?;
    let account = [
        ("name", "Người mới Thử"),
        ("email", "hai-lan@ngoai.example"),
        ("phone", ""),
        ("password", PASSWORD),
    ];
    let cooperative = [
        ("name", "Hợp tác xã Thử hai lần"),
        ("kind", "cooperative"),
        ("address", "Thôn Thử"),
        ("commune", "06838"),
        ("phone", "0200 000 777"),
        ("representative", "Người Thử"),
        ("title", "Giám đốc"),
        ("gender", "female"),
        ("ethnicity", "Dao"),
        ("residence", "Thôn Thử"),
    ];
    let honey = [
        ("name", "Mật ong nhãn Thử"),
        ("set_no", "4"),
        ("description", "Mật ong hoa nhãn."),
        ("packaging", "Chai 500 ml"),
    ];
    let (form, criterion) = (format!("{draft}/form"), format!("{draft}/self-assessment"));
    let (cite, uncite) = (format!("{draft}/citations"), format!("{draft}/citations/remove"));
    let password = [("current", PASSWORD), ("wanted", "mật khẩu thứ hai")];
    Ok(vec![
        verb("", "/register", "", &account, "Email này đã có tài khoản"),
        verb(NEWCOMER, "/producers/new?province=22", "", &cooperative, "Bạn đã khai báo cơ sở"),
        verb(NEWCOMER, "/account", "", &password, "Mật khẩu hiện tại chưa đúng"),
        verb(PRODUCER, &format!("{owner}/products/new"), "", &honey, "đã có sản phẩm"),
        verb(PRODUCER, &format!("{owner}/edit"), "", &[("address", "Thôn khác")], STALE),
        verb(PRODUCER, &format!("{product}/edit"), "", &[("packaging", "Chai 350 ml")], STALE),
        verb(
            PRODUCER,
            &format!("/dossiers/new?product={}", id_of(&fresh)),
            "/dossiers/new",
            &[],
            "đã có một hồ sơ đang làm",
        ),
        verb(PRODUCER, &form, "", &[("history", "Lịch sử Thử.")], ""),
        verb(PRODUCER, &format!("{criterion}/2.1"), "", &[("choice", "1:1"), ("note", "Mức Thử.")], ""),
        verb(PRODUCER, &format!("{criterion}/6.4"), &cite, &[("criterion", "6.4")], ""),
        verb(PRODUCER, &format!("{criterion}/1.1"), &uncite, &[], ""),
        verb(ASKED, &request, "", &[("answer", "Đã gửi thêm.")], "Yêu cầu này đã được trả lời"),
        verb(COMPLETING, &format!("{completing}/submit"), "", &[], "Không thể «Chủ thể nộp hồ sơ»"),
    ])
}

/// A product without a dossier.
async fn fresh_product(producer: &mut Fetch, owner: &str) -> anyhow::Result<String> {
    let form = producer.form(&format!("{owner}/products/new"), "").await?;
    let form = form.with("name", "Mật ong bạc hà Thử").with("set_no", "4");
    let form = form.with("description", "Mật ong.").with("packaging", "Chai 500 ml");
    producer.done(&form).await
}

/// What officers do, from form 03 to the withdrawal of a certificate.
pub async fn of_officers(stage: &Stage) -> anyhow::Result<Vec<Verb>> {
    let (today, later) = stage.days().await?;
    let report = stage.enter(COMMUNE).await?.link("/commune", "/dossiers/").await?;
    let dossier = report.trim_end_matches("/commune-report").to_owned();
    let away = stage.enter(OTHER_COMMUNE).await?.link("/commune", "/dossiers/").await?;
    let away = away.trim_end_matches("/commune-report").to_owned();
    let reception = format!("{}/reception", stage.dossier("at_province").await?);
    let accepted = stage.dossier("accepted").await?;
    let mut office = stage.enter(OFFICE).await?;
    let round = office.link("/rounds", "/rounds/").await?;
    let council = stage.council().await?;
    let of_round = round_of(&mut office, &council).await?;
    let new = new_council(&mut office, &of_round, &today).await?;
    let advisor = seat(&mut office, &new, ADVISOR, "advisor").await?;
    seat(&mut office, &new, CHAIR, "chair").await?;
    let replaced = seat(&mut office, &new, "tu-van-2", "advisor").await?;
    let recognised = stage.dossier("recognised").await?;
    let certificate = office.link(&recognised, "/certificates/").await?;
    let certificate = certificate.trim_end_matches("/certificate.pdf").to_owned();
    let findings = [
        ("present", "form01"),
        ("present", "form02"),
        ("present", "evidence"),
        ("present", "samples"),
        ("material_finding", "Đúng."),
        ("labour_finding", "Đúng."),
        ("idea_finding", "Mới."),
        ("identity_finding", "Có."),
    ];
    let back = [("reasons", "Thiếu phiếu kiểm nghiệm."), ("due_on", later.as_str())];
    let opened = [("name", "Đợt Thử"), ("opens_on", &today), ("propose_by", &later), ("result_by", &later)];
    let set_up = [("name", "Hội đồng Thử hai lần"), ("decision_no", "77/QĐ-THỬ"), ("decision_on", &today)];
    let person = [("email", "so-y-te@demo.ocop.example"), ("kind", "member"), ("agency", "Sở Y tế")];
    let substitute = [
        ("seat", replaced.as_str()),
        ("scope", "council"),
        ("email", "chi-cuc-chat-luong@demo.ocop.example"),
        ("agency", "Chi cục Thử"),
        ("decision_no", "79/QĐ-THỬ"),
        ("decision_on", &today),
        ("reason", "Đi công tác dài ngày."),
    ];
    let account = [
        ("role", "assessor"),
        ("commune", ""),
        ("email", "cap-hai-lan@ngoai.example"),
        ("name", "Cán bộ Thử"),
        ("title", "Sở Thử"),
        ("password", PASSWORD),
    ];
    let decision = [("number", "99/QĐ-THỬ"), ("decided_on", &today), ("signed_by", "Phó Chủ tịch Thử")];
    let revoked = [
        ("ground", "b"),
        ("concluded_on", &today),
        ("basis", "Biên bản số 5."),
        ("decision_no", "98/QĐ-THỬ"),
        ("revoked_on", &today),
    ];
    let path = |place: &str| format!("{dossier}/commune-report{place}");
    Ok(vec![
        verb(COMMUNE, &report, "", &findings, STALE),
        verb(COMMUNE, &path("/propose"), "", &[], "không còn ở cấp xã"),
        verb(
            OTHER_COMMUNE,
            &format!("{away}/commune-report/return"),
            "",
            &back[..1],
            "Không thể «Cấp xã trả lại»",
        ),
        verb(OFFICE, &reception, &format!("{reception}/return"), &back, "Không thể «Tỉnh yêu cầu bổ sung»"),
        verb(
            OFFICE,
            &format!("{dossier}/reception"),
            &format!("{dossier}/reception/accept"),
            &[],
            "Không thể «Tiếp nhận vào đợt»",
        ),
        verb(OFFICE, "/rounds/new", "", &opened, "Đã có đợt"),
        verb(OFFICE, &format!("/councils/new?round={}", id_of(&of_round)), "", &set_up, "Đã lập hội đồng"),
        verb(OFFICE, &format!("{new}/edit"), "", &[("name", "Hội đồng Thử đổi tên")], STALE),
        verb(OFFICE, &new, &format!("{new}/seats"), &person, "đã có tên trong hội đồng"),
        verb(OFFICE, &new, &format!("{new}/seats/{advisor}/remove"), &[], "Không tìm thấy"),
        verb(
            OFFICE,
            &format!("{new}/replacements"),
            "",
            &substitute,
            "Chọn một người đang có tên trong hội đồng",
        ),
        Verb {
            entries: 2,
            ..verb(
                OFFICE,
                &new,
                &format!("{new}/dossiers"),
                &[("dossiers", id_of(&accepted))],
                "Không thể «Phân cho hội đồng»",
            )
        },
        verb(OFFICE, "/accounts", "", &account, "Người này đã có vai trò đó"),
        Verb {
            entries: 2,
            ..verb(
                OFFICE,
                &format!("{council}/decision"),
                "",
                &decision,
                "Chưa có kết quả nào chờ quyết định",
            )
        },
        verb(OFFICE, &format!("{certificate}/revoke"), "", &revoked, "đã bị thu hồi trước đó"),
        verb(OFFICE, &format!("{round}/close"), "", &[], "Đợt này vừa được người khác thay đổi"),
    ])
}

/// The round that a council works in.
async fn round_of(office: &mut Fetch, council: &str) -> anyhow::Result<String> {
    office.link(council, "/rounds/").await
}

async fn new_council(office: &mut Fetch, round: &str, today: &str) -> anyhow::Result<String> {
    let form = office.form(&format!("/councils/new?round={}", id_of(round)), "/councils/new").await?;
    let form = form.with("name", "Hội đồng Thử").with("decision_no", "76/QĐ-THỬ").with("decision_on", today);
    let made = office.done(&form).await?;
    Ok(made.split('?').next().unwrap_or_default().to_owned())
}

/// Gives somebody a seat; the seat's id.
async fn seat(office: &mut Fetch, council: &str, who: &str, kind: &str) -> anyhow::Result<String> {
    let form = office.form(council, &format!("{council}/seats")).await?;
    let form =
        form.with("email", &format!("{who}@demo.ocop.example")).with("kind", kind).with("agency", "Sở Thử");
    let before = office.read(council).await?;
    office.done(&form).await?;
    let after = office.read(council).await?;
    let seats = after.split("/seats/").skip(1).filter_map(|rest| rest.split('/').next());
    let added = seats.filter(|seat| seat.len() == 36).find(|seat| !before.contains(seat));
    Ok(added.context("no seat was added")?.to_owned())
}

/// What the advisory team and the council do.
pub async fn of_councils(stage: &Stage) -> anyhow::Result<Vec<Verb>> {
    let (_, later) = stage.days().await?;
    let advising = stage.dossiers("advising").await?;
    let (one, other) = advising.first().zip(advising.last()).context("no dossier")?;
    let (advice, desk) = (format!("{one}/advice"), format!("{other}/advice"));
    let council = stage.council().await?;
    let session = format!("{council}/session");
    let mut chair = stage.enter(CHAIR).await?;
    let present = ids_after(&chair.read(&session).await?, "name=\"present\" value=\"");
    let excuse = format!("{}/excuse", stage.dossier("scoring").await?);
    let leaving =
        ids_after(&chair.read(&excuse).await?, "<option value=\"").pop().context("nobody may leave")?;
    let left = [("seat", leaving.as_str()), ("reason", "Đi công tác đột xuất.")];
    let advised = stage.dossier("advised").await?;
    let mut attendance: Vec<(&'static str, String)> =
        present.into_iter().map(|seat| ("present", seat)).collect();
    attendance.push(("dossiers", id_of(&advised).to_owned()));
    let ballot = stage.enter(MEMBER).await?.link("/home", "/ballots/").await?;
    let review = format!("{ballot}/review");
    let secretarys = stage.enter(SECRETARY).await?.link("/home", "/ballots/").await?;
    let discussion = format!("{}/scoring", stage.dossier("discussion").await?);
    let tallied = format!("{}/scoring", stage.dossier("tallied").await?);
    let request = [("request", "Phiếu kiểm nghiệm mới."), ("due_on", later.as_str())];
    let report = [("summary", "Đủ thành phần."), ("proposal", "Đưa ra Hội đồng.")];
    let out = [("ground", "set:1"), ("reason", "Giấy tờ Thử không thật.")];
    Ok(vec![
        verb(ADVISOR, &format!("{advice}/findings/3.2"), "", &[("finding", "Đúng với hồ sơ.")], STALE),
        verb(ADVISOR, &advice, &format!("{advice}/requests"), &request, "đã được gửi"),
        verb("tu-van-2", &format!("{other}/conflict"), "", &[("reason", "Người nhà.")], "không cần khai lại"),
        verb(ADVISOR, &desk, &format!("{desk}/report"), &report, "Không thể «Tổ tư vấn gửi báo cáo»"),
        Verb {
            fill: attendance, entries: 2, ..verb(CHAIR, &session, "", &[], "Không thể «Mở chấm điểm»")
        },
        verb(MEMBER, &format!("{ballot}/criteria/1.1"), "", &[("choice", "1:1"), ("note", "Thử.")], STALE),
        Verb {
            button: format!("{ballot}/opinion"),
            ..verb(MEMBER, &review, &format!("{ballot}/seal"), &[("opinion", "Ý kiến Thử.")], STALE)
        },
        verb(CHAIR, &excuse, "", &left, "Chọn một thành viên đang chấm"),
        verb(SECRETARY, &format!("{secretarys}/disqualification"), "", &out, STALE),
        verb(
            CHAIR,
            &discussion,
            &format!("{discussion}/turn"),
            &[("reason", "Chấm lại.")],
            "Không thể «Mở lần chấm tiếp theo»",
        ),
        verb(CHAIR, &tallied, &format!("{tallied}/confirm"), &[], "Không thể «Chủ tịch xác nhận kết quả»"),
    ])
}
