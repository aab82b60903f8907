//! Two records of one kind, in the words and with the statements of their kind.

use std::collections::BTreeSet;

use ocop_core::merging::{Noun, Record};
use ocop_store::merging::{self as store, Belonging};
use ocop_store::producers::{self, Producer};
use ocop_store::products::{self, Product};
use ocop_store::{Tx, dossiers, evaluations, recognition};
use serde::{Deserialize, Serialize};

use super::fields::{Difference, PRODUCER, PRODUCT, differences, taken};
use crate::{AppError, Refusal};

/// A kept record and its duplicate. The producer of two products stands first.
pub(super) enum Pair {
    Producers(Producer, Producer),
    Products(Producer, Product, Product),
}

/// A record as it was, for undoing.
#[derive(Serialize, Deserialize)]
pub(super) enum Before {
    Producer(Producer),
    Product(Product),
}

fn different_owners() -> AppError {
    Refusal::because(
        "Hai sản phẩm thuộc hai chủ thể khác nhau nên chưa gộp được. Nếu hai chủ thể là một, hãy gộp chủ thể trước.",
    )
}

impl Pair {
    /// Loads two records.
    pub(super) async fn load(tx: &mut Tx, record: Record, kept: &str, gone: &str) -> Result<Self, AppError> {
        if kept == gone {
            return Err(AppError::NotFound);
        }
        match record {
            Record::Producer => {
                let kept = find_producer(tx, kept).await?;
                let gone = find_producer(tx, gone).await?;
                if kept.province != gone.province {
                    return Err(Refusal::because("Hai chủ thể ở hai tỉnh khác nhau nên không gộp được."));
                }
                Ok(Self::Producers(kept, gone))
            }
            Record::Product => {
                let kept = find_product(tx, kept).await?;
                let gone = find_product(tx, gone).await?;
                if kept.producer_id != gone.producer_id {
                    return Err(different_owners());
                }
                Ok(Self::Products(find_producer(tx, kept.producer_id.as_str()).await?, kept, gone))
            }
        }
    }

    /// The producer that a permit is asked about.
    pub(super) fn subject(&self) -> &Producer {
        match self {
            Self::Producers(kept, _) => kept,
            Self::Products(owner, _, _) => owner,
        }
    }

    /// The chains of the subjects, in the order of their names.
    pub(super) fn chains(&self) -> BTreeSet<String> {
        match self {
            Self::Producers(kept, gone) => [kept, gone].map(|one| format!("producer:{}", one.id)).into(),
            Self::Products(owner, _, _) => [format!("producer:{}", owner.id)].into(),
        }
    }

    /// Names of the kept record and the duplicate.
    pub(super) fn names(&self) -> (&str, &str) {
        match self {
            Self::Producers(kept, gone) => (&kept.name, &gone.name),
            Self::Products(_, kept, gone) => (&kept.name, &gone.name),
        }
    }

    /// What the duplicate was merged into, and what the kept record was.
    pub(super) fn merged(&self) -> (Option<String>, Option<String>) {
        match self {
            Self::Producers(kept, gone) => (
                gone.merged_into.as_ref().map(ToString::to_string),
                kept.merged_into.as_ref().map(ToString::to_string),
            ),
            Self::Products(_, kept, gone) => (
                gone.merged_into.as_ref().map(ToString::to_string),
                kept.merged_into.as_ref().map(ToString::to_string),
            ),
        }
    }

    pub(super) fn differences(&self) -> Vec<Difference> {
        match self {
            Self::Producers(kept, gone) => differences(&PRODUCER, kept, gone),
            Self::Products(_, kept, gone) => differences(&PRODUCT, kept, gone),
        }
    }

    pub(super) fn versions(&self) -> (i64, i64) {
        match self {
            Self::Producers(kept, gone) => (kept.version, gone.version),
            Self::Products(_, kept, gone) => (kept.version, gone.version),
        }
    }

    pub(super) fn before(&self) -> Before {
        match self {
            Self::Producers(kept, _) => Before::Producer(kept.clone()),
            Self::Products(_, kept, _) => Before::Product(kept.clone()),
        }
    }

    /// What belongs to the kept record, and what to the duplicate.
    pub(super) async fn belongings(&self, tx: &mut Tx) -> Result<(Vec<Belonging>, Vec<Belonging>), AppError> {
        match self {
            Self::Producers(kept, gone) => Ok((
                store::of_producer(tx, kept.id.as_str()).await?,
                store::of_producer(tx, gone.id.as_str()).await?,
            )),
            Self::Products(_, kept, gone) => Ok((
                store::of_product(tx, kept.id.as_str()).await?,
                store::of_product(tx, gone.id.as_str()).await?,
            )),
        }
    }

    /// What the kept record has already: it stays with the duplicate, and counts once.
    pub(super) async fn doubles(&self, tx: &mut Tx) -> Result<BTreeSet<(Noun, String)>, AppError> {
        let (kept, gone) = self.belongings(tx).await?;
        let held: BTreeSet<(Noun, &str)> = kept.iter().map(|one| (one.noun, one.id.as_str())).collect();
        let mut doubles: BTreeSet<(Noun, String)> = gone
            .iter()
            .filter(|one| held.contains(&(one.noun, one.id.as_str())))
            .map(|one| (one.noun, one.id.clone()))
            .collect();
        if let Self::Products(_, kept, gone) = self {
            let decisions: BTreeSet<_> = recognition::certificates_of_product(tx, &kept.id)
                .await?
                .into_iter()
                .map(|one| (one.decision_id, one.level))
                .collect();
            for one in recognition::certificates_of_product(tx, &gone.id).await? {
                if decisions.contains(&(one.decision_id, one.level)) {
                    doubles.insert((Noun::Certificate, one.id.to_string()));
                }
            }
            let held: BTreeSet<_> = evaluations::of_product(tx, &kept.id)
                .await?
                .into_iter()
                .map(|one| (one.level, one.unit, one.evaluated_on))
                .collect();
            for one in evaluations::of_product(tx, &gone.id).await? {
                if held.contains(&(one.level, one.unit, one.evaluated_on)) {
                    doubles.insert((Noun::Evaluation, one.id.to_string()));
                }
            }
        }
        Ok(doubles)
    }

    /// Why the two cannot be merged now.
    pub(super) async fn obstacle(&self, tx: &mut Tx) -> Result<Option<AppError>, AppError> {
        let (gone_into, kept_into) = self.merged();
        if gone_into.is_some() || kept_into.is_some() {
            return Ok(Some(Refusal::because(
                "Một trong hai bản ghi đã được gộp vào bản ghi khác. Hãy mở lại danh sách trùng.",
            )));
        }
        let Self::Products(_, kept, gone) = self else { return Ok(None) };
        let mut open = 0;
        for product in [&kept.id, &gone.id] {
            let rows = dossiers::of_product(tx, product).await?;
            open += usize::from(rows.iter().any(|row| !row.state.is_closed()));
        }
        Ok((open == 2).then(|| {
            Refusal::because(
                "Cả hai sản phẩm đang có hồ sơ chưa kết thúc, mà một sản phẩm chỉ được có một hồ sơ đang làm. \
                 Hãy gộp sau khi một trong hai hồ sơ kết thúc.",
            )
        }))
    }

    /// Gives a belonging to the kept record, or back to the duplicate.
    pub(super) async fn give(&self, tx: &mut Tx, what: &Belonging, back: bool) -> Result<bool, AppError> {
        let (record, kept, gone) = match self {
            Self::Producers(kept, gone) => (Record::Producer, kept.id.as_str(), gone.id.as_str()),
            Self::Products(_, kept, gone) => (Record::Product, kept.id.as_str(), gone.id.as_str()),
        };
        let (from, to) = if back { (kept, gone) } else { (gone, kept) };
        Ok(store::give(tx, record, what, from, to).await?)
    }

    /// Writes the kept record with what it takes from the duplicate, and points the duplicate at it.
    /// The names of the fields taken, and the kept record's version.
    pub(super) async fn unite(
        &self,
        tx: &mut Tx,
        wanted: &[String],
    ) -> Result<(Vec<&'static str>, i64), AppError> {
        match self {
            Self::Producers(kept, gone) => {
                let (merged, names) = taken(&PRODUCER, kept, gone, wanted);
                if !names.is_empty() && !producers::update(tx, &merged).await? {
                    return Err(AppError::NotFound);
                }
                store::point_producer(tx, &gone.id, Some(&kept.id)).await?;
                Ok((names.clone(), kept.version + i64::from(!names.is_empty())))
            }
            Self::Products(_, kept, gone) => {
                let (merged, mut names) = taken(&PRODUCT, kept, gone, wanted);
                let version = kept.version + i64::from(!names.is_empty());
                if !names.is_empty() && !products::update(tx, &merged).await? {
                    return Err(AppError::NotFound);
                }
                if let (None, Some(code)) = (&kept.code, &gone.code) {
                    store::set_code(tx, &gone.id, None).await?;
                    store::set_code(tx, &kept.id, Some(code)).await?;
                    names.push("code");
                }
                store::point_product(tx, &gone.id, Some(&kept.id)).await?;
                Ok((names, version))
            }
        }
    }

    /// Writes the kept record as it was, and lets the duplicate stand for itself again.
    pub(super) async fn part(&self, tx: &mut Tx, before: Before, changed: bool) -> Result<(), AppError> {
        match (self, before) {
            (Self::Producers(kept, gone), Before::Producer(before)) => {
                let back = Producer { version: kept.version, ..before };
                if changed && !producers::update(tx, &back).await? {
                    return Err(AppError::NotFound);
                }
                store::point_producer(tx, &gone.id, None).await?;
            }
            (Self::Products(_, kept, gone), Before::Product(before)) => {
                let code = before.code.clone();
                let back = Product { version: kept.version, ..before };
                if changed && !products::update(tx, &back).await? {
                    return Err(AppError::NotFound);
                }
                if kept.code != code {
                    store::set_code(tx, &kept.id, code.as_deref()).await?;
                    store::set_code(tx, &gone.id, kept.code.as_deref()).await?;
                }
                store::point_product(tx, &gone.id, None).await?;
            }
            (Self::Producers(_, _), Before::Product(_)) | (Self::Products(_, _, _), Before::Producer(_)) => {
                return Err(AppError::NotFound);
            }
        }
        Ok(())
    }
}

impl Pair {
    /// What follows when belongings have changed hands: products are where their producer is (when it
    /// has moved), and certificates are told again by their order.
    pub(super) async fn settle(&self, tx: &mut Tx) -> Result<(), AppError> {
        match self {
            Self::Producers(before, _) => {
                let now = find_producer(tx, before.id.as_str()).await?;
                if now.commune != before.commune {
                    products::move_to(tx, &now.id, &now.province, &now.commune).await?;
                }
            }
            Self::Products(_, kept, gone) => {
                recognition::retell(tx, &kept.id).await?;
                recognition::retell(tx, &gone.id).await?;
            }
        }
        Ok(())
    }

    /// Puts a product that changes hands where its new producer is; where it was.
    pub(super) async fn place(
        &self,
        tx: &mut Tx,
        what: &Belonging,
    ) -> Result<Option<(String, String)>, AppError> {
        let Self::Producers(kept, _) = self else { return Ok(None) };
        if what.noun != Noun::Product {
            return Ok(None);
        }
        let product = find_product(tx, &what.id).await?;
        let kept = find_producer(tx, kept.id.as_str()).await?;
        store::place_product(tx, &what.id, &kept.province, &kept.commune).await?;
        Ok(Some((product.province, product.commune)))
    }
}

async fn find_producer(tx: &mut Tx, id: &str) -> Result<Producer, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    producers::find(tx, &id).await?.ok_or(AppError::NotFound)
}

async fn find_product(tx: &mut Tx, id: &str) -> Result<Product, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    products::find(tx, &id).await?.ok_or(AppError::NotFound)
}
