//! What a visit found: criterion by criterion, measures with their days, photographs.

use chrono::NaiveTime;
use ocop_core::evidence::MediaType;
use ocop_core::id::InspectionId;
use ocop_core::inspections::{Finding, InspectionEvent, MARK, Measure, Photo, Record, step, time_of_day};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_store::Tx;
use ocop_store::inspections::{self as store, Inspection};
use ocop_store::recognition::Certificate;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{may_record, opened, readable, stale};
use crate::evidence::{Upload, content};
use crate::notifications::Notification;
use crate::{App, AppError, FieldFault, Fields, Refusal, notifications};

/// Photographs of one visit.
const MOST_PHOTOS: usize = 30;

/// Measures that the form has room for.
const ROOM: usize = 5;

/// What is typed about a criterion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingInput {
    /// `yes`, `no`, or empty when it was not looked at.
    pub met: String,
    /// What was found.
    pub text: String,
}

/// What is typed about a measure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeasureInput {
    /// What is to be done.
    pub text: String,
    /// By when.
    pub due_on: String,
}

/// The record as typed. The lists run side by side: `met` and `finding` by `code`, `due_on` by `measure`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordInput {
    /// The version that the page was made from.
    pub version: i64,
    /// The day of the visit.
    pub held_on: String,
    /// When it began.
    pub began: String,
    /// When it ended.
    pub ended: String,
    /// Where.
    pub place: String,
    /// Who was there for producer and commune, one a line.
    pub present: String,
    /// Codes of the criteria of the form.
    pub code: Vec<String>,
    /// `yes`, `no` or empty.
    pub met: Vec<String>,
    /// What was found.
    pub finding: Vec<String>,
    /// What is to be done.
    pub measure: Vec<String>,
    /// By when.
    pub due_on: Vec<String>,
    /// What the producer said.
    pub said: String,
}

impl RecordInput {
    /// What is typed about the criterion with a code.
    pub fn of(&self, code: &str) -> FindingInput {
        let at = self.code.iter().position(|one| one == code);
        let part = |list: &[String]| at.and_then(|at| list.get(at)).cloned().unwrap_or_default();
        FindingInput { met: part(&self.met), text: part(&self.finding) }
    }

    /// The measures, with empty rows up to the room of the form.
    pub fn measures(&self) -> Vec<MeasureInput> {
        let count = self.measure.len().max(ROOM);
        let part = |list: &[String], at: usize| list.get(at).cloned().unwrap_or_default();
        (0..count)
            .map(|at| MeasureInput { text: part(&self.measure, at), due_on: part(&self.due_on, at) })
            .collect()
    }

    fn of_record(record: &Record, version: i64) -> Self {
        let time = |time: Option<NaiveTime>| time.map(|one| one.format("%H:%M").to_string());
        Self {
            version,
            held_on: ocop_core::time::date(record.held_on),
            began: time(record.began).unwrap_or_default(),
            ended: time(record.ended).unwrap_or_default(),
            place: record.place.clone(),
            present: record.present.clone(),
            code: record.findings.iter().map(|one| one.code.clone()).collect(),
            met: record.findings.iter().map(|one| if one.met { "yes" } else { "no" }.to_owned()).collect(),
            finding: record.findings.iter().map(|one| one.text.clone()).collect(),
            measure: record.measures.iter().map(|one| one.text.clone()).collect(),
            due_on: record.measures.iter().map(|one| ocop_core::time::date(one.due_on)).collect(),
            said: record.said.clone(),
        }
    }
}

/// A criterion that a visit may look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// The page of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordView {
    /// The visit.
    pub kept: Inspection,
    /// The certificate.
    pub certificate: Certificate,
    /// The criteria of the certificate's product set in its order, and the use of the mark.
    pub criteria: Vec<CriterionRow>,
    /// The form.
    pub input: RecordInput,
}

/// The criteria that a certificate's product was recognised by, those of today's set for a product that
/// was recognised on paper; the use of the mark comes last.
async fn criteria(app: &App, tx: &mut Tx, certificate: &Certificate) -> Result<Vec<CriterionRow>, AppError> {
    let set = match &certificate.dossier_id {
        Some(id) => {
            let dossier = ocop_store::dossiers::find(tx, id).await?.ok_or(AppError::NotFound)?;
            Some(app.shown(tx, &certificate.province, &dossier.ruleset).await?)
        }
        None => {
            let product =
                ocop_store::products::find(tx, &certificate.product_id).await?.ok_or(AppError::NotFound)?;
            app.rules.set(&app.regime_today()?.id, product.set_no).cloned()
        }
    };
    let row = |criterion: &ocop_core::rules::Criterion| CriterionRow {
        code: criterion.code.clone(),
        name: criterion.name.clone(),
    };
    let mut rows: Vec<CriterionRow> = set.map(|set| set.criteria().map(row).collect()).unwrap_or_default();
    rows.push(CriterionRow { code: MARK.0.to_owned(), name: MARK.1.to_owned() });
    Ok(rows)
}

/// The form of the record.
///
/// # Errors
/// A refusal when the record may not be written any more.
pub async fn record_form(app: &App, actor: &Actor, id: &InspectionId) -> Result<RecordView, AppError> {
    let mut tx = app.db.read().await?;
    let (kept, certificate, subject) = readable(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::Inspect, &subject)?;
    writable(&mut tx, &kept).await?;
    let input = match &kept.record {
        Some(record) => RecordInput::of_record(record, kept.version),
        None => RecordInput {
            version: kept.version,
            held_on: ocop_core::time::date(kept.planned_on.min(app.today())),
            ..RecordInput::default()
        },
    };
    Ok(RecordView { criteria: criteria(app, &mut tx, &certificate).await?, kept, certificate, input })
}

async fn writable(tx: &mut Tx, kept: &Inspection) -> Result<(), AppError> {
    step(kept.state, InspectionEvent::Record)?;
    if may_record(tx, kept).await? {
        return Ok(());
    }
    Err(Refusal::because(
        "Không sửa được biên bản: biên bản đã có số trong sổ văn bản đi, hoặc chủ thể đã trả lời. Ghi nội dung mới ở một cuộc kiểm tra lại.",
    ))
}

/// Writes the record of a visit, or corrects it before it is numbered and answered.
///
/// # Errors
/// Faults of the fields; [`AppError::Stale`] when somebody else wrote meanwhile.
pub async fn record_inspection(
    app: &App,
    actor: &Actor,
    id: &InspectionId,
    input: &RecordInput,
) -> Result<(), AppError> {
    let (mut tx, kept, certificate, permit) = opened(app, actor, Action::Inspect, id).await?;
    let state = step(kept.state, InspectionEvent::Record)?;
    if input.version != kept.version {
        return Err(stale());
    }
    writable(&mut tx, &kept).await?;
    let criteria = criteria(app, &mut tx, &certificate).await?;
    let photos = kept.record.as_ref().map(|record| record.photos.clone()).unwrap_or_default();
    let record = read(app, input, &criteria, &certificate, photos)?;
    let unmet: Vec<String> = record.unmet().map(|finding| finding.code.clone()).collect();
    let details = json!({ "inspection": id, "held_on": record.held_on, "unmet": unmet,
        "measures": record.measures.len() });
    let what = if record.measures.is_empty() {
        "Đã có biên bản kiểm tra sản phẩm"
    } else {
        "Biên bản kiểm tra có biện pháp phải thực hiện"
    };
    let due_on = record.measures.iter().map(|measure| measure.due_on).min();
    let changed = Inspection { state, record: Some(record), ..kept };
    if !store::change(&mut tx, &changed).await? {
        return Err(stale());
    }
    let news = app.news(format!("record/{id}"), what, &certificate.product, format!("/inspections/{id}"));
    let news = Notification { due_on, ..news };
    notifications::tell_of_product(&mut tx, &certificate.product_id, &news).await?;
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

fn read(
    app: &App,
    input: &RecordInput,
    criteria: &[CriterionRow],
    certificate: &Certificate,
    photos: Vec<Photo>,
) -> Result<Record, AppError> {
    let mut fields = Fields::new();
    let held_on = fields.required_day("held_on", &input.held_on, "Ghi ngày kiểm tra.");
    if held_on.is_some_and(|day| day > app.today()) {
        fields.fault("held_on", "Ngày này chưa đến. Ghi biên bản sau khi đã kiểm tra.");
    }
    if held_on.is_some_and(|day| day < certificate.issued_on) {
        fields.fault("held_on", "Ngày này trước ngày cấp giấy chứng nhận.");
    }
    let began = time(&mut fields, "began", &input.began);
    let ended = time(&mut fields, "ended", &input.ended);
    if began.zip(ended).is_some_and(|(began, ended)| ended < began) {
        fields.fault("ended", "Giờ kết thúc trước giờ bắt đầu.");
    }
    let place = fields.required("place", &input.place, 300, "Ghi nơi kiểm tra.");
    let present = fields.optional("present", &input.present, 1_000);
    let findings = findings(&mut fields, input, criteria);
    let measures = measures(&mut fields, input, held_on);
    let said = fields.optional("said", &input.said, 4_000);
    fields.done()?;
    let held_on = held_on.ok_or(AppError::NotFound)?;
    Ok(Record { held_on, began, ended, place, present, findings, measures, said, photos })
}

fn time(fields: &mut Fields, field: &str, typed: &str) -> Option<NaiveTime> {
    let read = time_of_day(typed);
    if read.is_none() && !typed.trim().is_empty() {
        fields.fault(field, "Ghi giờ và phút, ví dụ: 8:30.");
    }
    read
}

fn findings(fields: &mut Fields, input: &RecordInput, criteria: &[CriterionRow]) -> Vec<Finding> {
    let mut found = Vec::new();
    for criterion in criteria {
        let typed = input.of(&criterion.code);
        let field = format!("finding-{}", criterion.code);
        let text = fields.optional(&field, &typed.text, 2_000);
        match typed.met.as_str() {
            "" if text.is_empty() => {}
            "" => fields.fault(&field, "Chọn còn phù hợp hay không."),
            met => {
                if met != "yes" && text.is_empty() {
                    fields.fault(&field, "Ghi điều chưa phù hợp.");
                }
                let met = met == "yes";
                found.push(Finding { code: criterion.code.clone(), name: criterion.name.clone(), met, text });
            }
        }
    }
    found
}

fn measures(fields: &mut Fields, input: &RecordInput, held_on: Option<chrono::NaiveDate>) -> Vec<Measure> {
    let mut measures = Vec::new();
    for (at, typed) in input.measures().into_iter().enumerate() {
        let (of_text, of_day) = (format!("measure-{at}"), format!("due_on-{at}"));
        let text = fields.optional(&of_text, &typed.text, 1_000);
        let day = fields.day(&of_day, &typed.due_on);
        match (text.is_empty(), day) {
            (true, None) => {}
            (true, Some(_)) => fields.fault(&of_text, "Ghi biện pháp, hoặc bỏ ngày của dòng này."),
            (false, None) if typed.due_on.trim().is_empty() => {
                fields.fault(&of_day, "Ghi hạn của biện pháp này.");
            }
            (false, None) => {}
            (false, Some(due_on)) => {
                if held_on.is_some_and(|held| due_on < held) {
                    fields.fault(&of_day, "Hạn phải sau ngày kiểm tra.");
                }
                measures.push(Measure { text, due_on, answer: String::new(), done: false });
            }
        }
    }
    measures
}

/// Adds a photograph to the record.
///
/// # Errors
/// A fault when the file is not a picture; a refusal when the visit is over or has too many.
pub async fn add_photo(
    app: &App,
    actor: &Actor,
    id: &InspectionId,
    caption: &str,
    upload: Upload,
) -> Result<(), AppError> {
    {
        // Before the file is kept: nobody else fills the folder.
        let mut tx = app.db.read().await?;
        let (_, _, subject) = readable(&mut tx, actor, id).await?;
        let _ = policy::may(actor, Action::Inspect, &subject)?;
    }
    let mut fields = Fields::new();
    let caption = fields.optional("caption", caption, 300);
    let media = match content::media_type(&upload.file_name, &upload.bytes) {
        Ok(media) if media.is_image() => Some(media),
        Ok(_) => {
            fields.fault(
                "file",
                "Chỉ nhận ảnh JPEG, PNG hoặc WebP. Giấy tờ khác gắn cùng bản ký của biên bản.",
            );
            None
        }
        Err(bad) => {
            fields.fault("file", bad.to_string());
            None
        }
    };
    fields.done()?;
    let media_type = media.ok_or(AppError::NotFound)?;
    let file = app.files.put(upload.bytes).await?;
    let (mut tx, mut kept, _, permit) = opened(app, actor, Action::Inspect, id).await?;
    step(kept.state, InspectionEvent::Photograph)?;
    let Some(record) = &mut kept.record else { return Err(AppError::NotFound) };
    if record.photos.len() >= MOST_PHOTOS {
        return Err(Refusal::because(format!(
            "Mỗi cuộc kiểm tra giữ nhiều nhất {MOST_PHOTOS} ảnh, nên chưa nhận ảnh này."
        )));
    }
    if record.photos.iter().any(|photo| photo.file == file) {
        return Err(AppError::Invalid(vec![FieldFault::new("file", "Ảnh này đã có trong biên bản.")]));
    }
    let details = json!({ "inspection": id, "photo": file });
    record.photos.push(Photo { file, media_type, caption });
    if !store::change(&mut tx, &kept).await? {
        return Err(stale());
    }
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

/// A photograph of a visit, counted from 1, with its type, for everybody who may read the visit.
pub async fn photo(
    app: &App,
    actor: &Actor,
    id: &InspectionId,
    no: usize,
) -> Result<(MediaType, Vec<u8>), AppError> {
    let mut tx = app.db.read().await?;
    let (kept, _, _) = readable(&mut tx, actor, id).await?;
    drop(tx);
    let photos = kept.record.map(|record| record.photos).unwrap_or_default();
    let photo: Photo = no.checked_sub(1).and_then(|at| photos.get(at)).cloned().ok_or(AppError::NotFound)?;
    Ok((photo.media_type, app.files.get(&photo.file).await?))
}
