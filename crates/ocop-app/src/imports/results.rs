//! The result that a row tells: a certificate that is kept already, a correction of one, or a new one.

use chrono::NaiveDate;
use ocop_core::evaluations::Told;
use ocop_core::id::CertificateId;
use ocop_core::imports::columns::Column;
use ocop_core::imports::record::{Fault, Record};
use ocop_core::recognition::Level;
use ocop_core::scoring::Fraction;
use ocop_core::time::date;
use ocop_store::producers::Producer;
use ocop_store::products::Product;
use ocop_store::{Tx, recognition};

use super::apply::{Halt, Mark, fault};
use super::book::{Book, HeldCertificate};
use crate::AppError;
use crate::evaluations::{EvaluationInput, PaperCertificate, PaperDecision, Recorded, record as note, weigh};

/// What a row does about results.
pub(super) enum ResultPlan {
    /// It tells of none.
    Nothing,
    /// Its certificate is kept; some days of it may change.
    Kept(Correction),
    /// It brings a result with a certificate.
    New(Box<EvaluationInput>, HeldCertificate),
}

/// A kept certificate, and what the row changes of it.
pub(super) struct Correction {
    certificate: HeldCertificate,
    valid_until: Option<NaiveDate>,
    revoked: Option<(NaiveDate, String)>,
}

impl Book<'_> {
    /// What a row tells about a certificate.
    pub(super) async fn result_of(
        &mut self,
        tx: &mut Tx,
        record: &Record,
        producer: &Producer,
        product: &Product,
        is_new: bool,
    ) -> Result<ResultPlan, Halt> {
        let (Some(stars), Some(level), Some(decided_on)) = (record.stars, record.level, record.decided_on)
        else {
            return Ok(ResultPlan::Nothing);
        };
        if is_new {
            self.hold_nothing(&product.id);
        }
        let held = self.held(tx, product).await?;
        let same =
            |one: &&HeldCertificate| one.decision_no == record.decision_no && one.decided_on == decided_on;
        if let Some(kept) = held.certificates.iter().find(same).cloned() {
            return Ok(ResultPlan::Kept(correction(kept, record, stars, level)?));
        }
        let evaluated = held.evaluated.clone();
        let input = self.input(record, producer, product, (stars, level, decided_on))?;
        if evaluated.contains(&(level, input.unit.clone(), decided_on)) {
            return Err(fault(
                Column::DecisionNo,
                format!(
                    "Sản phẩm đã có kết quả {} ngày {} theo quyết định khác. Kiểm tra lại số quyết định.",
                    level.name(),
                    date(decided_on)
                ),
            )
            .into());
        }
        let last = match weigh(self.app, &input) {
            Ok(weighed) => weighed.last_day().unwrap_or(decided_on),
            Err(AppError::Refused(refusal)) => return Err(fault(Column::Stars, refusal.to_string()).into()),
            Err(broken) => return Err(broken.into()),
        };
        let certificate = HeldCertificate {
            id: None,
            decision_no: record.decision_no.clone(),
            decided_on,
            level,
            stars,
            valid_until: last,
            revoked_on: record.revoked_on,
            issued_here: false,
        };
        Ok(ResultPlan::New(Box::new(input), certificate))
    }

    fn input(
        &self,
        record: &Record,
        producer: &Producer,
        product: &Product,
        (stars, level, decided_on): (u8, Level, NaiveDate),
    ) -> Result<EvaluationInput, Fault> {
        let regime = self.app.rules.in_force_on(decided_on).ok_or_else(|| {
            fault(
                Column::DecidedOn,
                format!(
                    "Ngày {} chưa có quy định nào về phân hạng sản phẩm OCOP trong phần mềm. Kiểm tra lại năm.",
                    date(decided_on)
                ),
            )
        })?;
        let set = self.numbered_by.set_named(&record.set);
        let sets = set.map(|set| self.app.rules.sets_in(&self.numbered_by.id, set.no, &regime.id));
        let set_no = sets.and_then(|sets| sets.first().copied()).ok_or_else(|| {
            fault(
                Column::SetNo,
                format!("{} không có bộ tương ứng với «{}». Kiểm tra lại bộ.", regime.name, record.set),
            )
        })?;
        let (unit, unit_name) = self.council_of(level, producer, decided_on)?;
        Ok(EvaluationInput {
            product: product.id.clone(),
            round: None,
            regime: regime.id.clone(),
            set_no,
            level,
            unit,
            unit_name,
            council: String::new(),
            evaluated_on: decided_on,
            told: Told {
                mean: record.points.and_then(|hundredths| Fraction::new(i64::from(hundredths), 100)),
                stars: Some(stars),
                ..Told::default()
            },
            ballots: Vec::new(),
            decision: Some(PaperDecision {
                number: record.decision_no.clone(),
                decided_on,
                signed_by: record.signed_by.clone(),
            }),
            certificate: Some(PaperCertificate {
                number: String::new(),
                valid_until: record.valid_until,
                revoked_on: record.revoked_on,
                revocation: Some(record.revocation.clone()).filter(|words| !words.is_empty()),
            }),
        })
    }

    /// Code and name of the unit whose council decided.
    fn council_of(
        &self,
        level: Level,
        producer: &Producer,
        day: NaiveDate,
    ) -> Result<(String, String), Fault> {
        match level {
            Level::District => self.district(&producer.former_unit, day).ok_or_else(|| {
                fault(Column::District, "Cấp huyện công nhận thì phải ghi huyện. Ghi tên hoặc mã huyện cũ.")
            }),
            Level::Province => Ok((self.manner.province.to_owned(), self.province_name.clone())),
            Level::Centre => Ok((String::new(), String::new())),
        }
    }

    /// Keeps what the row tells about a certificate.
    pub(super) async fn keep_result(
        &mut self,
        tx: &mut Tx,
        product: &Product,
        plan: ResultPlan,
    ) -> Result<Option<Mark<Option<CertificateId>>>, AppError> {
        match plan {
            ResultPlan::Nothing => Ok(None),
            ResultPlan::Kept(correction) => self.correct(tx, product, correction).await.map(Some),
            ResultPlan::New(input, mut certificate) => {
                if !self.manner.dry {
                    certificate.id = match note(self.app, tx, &input).await? {
                        Recorded::New(_, id) => id,
                        Recorded::Known => None,
                    };
                }
                let id = certificate.id.clone();
                let held = self.held(tx, product).await?;
                held.evaluated.insert((input.level, input.unit.clone(), input.evaluated_on));
                held.certificates.push(certificate);
                Ok(Some(Mark { id, is_new: true, fields: Vec::new() }))
            }
        }
    }

    async fn correct(
        &mut self,
        tx: &mut Tx,
        product: &Product,
        correction: Correction,
    ) -> Result<Mark<Option<CertificateId>>, AppError> {
        let Correction { certificate, valid_until, revoked } = correction;
        let mut fields = Vec::new();
        let mut corrected = certificate.clone();
        if let Some(day) = valid_until {
            if let Some(id) = certificate.id.as_ref().filter(|_| !self.manner.dry) {
                recognition::correct_last_day(tx, id, day).await?;
            }
            corrected.valid_until = day;
            fields.push("valid_until");
        }
        if let Some((day, words)) = revoked {
            if let Some(id) = certificate.id.as_ref().filter(|_| !self.manner.dry) {
                recognition::revoke(tx, id, day, &words).await?;
            }
            corrected.revoked_on = Some(day);
            fields.push("revoked_on");
        }
        let held = self.held(tx, product).await?;
        if let Some(place) = held.certificates.iter_mut().find(|one| **one == certificate) {
            *place = corrected;
        }
        Ok(Mark { id: certificate.id, is_new: false, fields })
    }
}

/// What a row changes of a certificate that is kept: never what it grants, and nothing of one that
/// was issued here.
fn correction(kept: HeldCertificate, record: &Record, stars: u8, level: Level) -> Result<Correction, Halt> {
    let mut faults = Vec::new();
    let decision = format!("Quyết định {} ngày {}", kept.decision_no, date(kept.decided_on));
    if kept.stars != stars {
        let words =
            format!("{decision} đã ghi {} sao trong sổ, tệp ghi {stars} sao. Kiểm tra lại.", kept.stars);
        faults.push(fault(Column::Stars, words));
    }
    if kept.level != level {
        let words = format!("{decision} đã ghi là của {} trong sổ. Kiểm tra lại cấp.", kept.level.name());
        faults.push(fault(Column::Level, words));
    }
    let valid_until = record.valid_until.filter(|day| *day != kept.valid_until);
    if valid_until.is_some() && kept.issued_here {
        let words = format!(
            "Giấy chứng nhận cấp trên phần mềm có hạn đến {}, không đổi bằng tệp được. Để trống ô này.",
            date(kept.valid_until)
        );
        faults.push(fault(Column::ValidUntil, words));
    }
    let revoked_on = record.revoked_on.filter(|day| kept.revoked_on != Some(*day));
    match (revoked_on, kept.revoked_on) {
        (Some(_), Some(day)) => {
            let words = format!("Giấy chứng nhận đã thu hồi từ {} trong sổ. Kiểm tra lại ngày.", date(day));
            faults.push(fault(Column::RevokedOn, words));
        }
        (Some(_), None) if kept.issued_here => {
            let words =
                "Giấy chứng nhận cấp trên phần mềm thì thu hồi ở trang giấy chứng nhận, không bằng tệp.";
            faults.push(fault(Column::RevokedOn, words));
        }
        (Some(_), None) | (None, _) => {}
    }
    if !faults.is_empty() {
        return Err(Halt::Row(faults));
    }
    let revoked = revoked_on.map(|day| (day, record.revocation.clone()));
    Ok(Correction { certificate: kept, valid_until, revoked })
}
