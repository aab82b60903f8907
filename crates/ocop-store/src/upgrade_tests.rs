//! Databases in use are brought up to date without losing a row.

use ocop_core::evidence::MediaType;
use ocop_core::recognition::{Level, StarEvent};
use ocop_core::search::Kind;

use crate::db::{Chain, Db, Tx};
use crate::evidence;
use crate::notifications;
use crate::recognition::{certificates_of_product, find_decision};
use crate::search;
use crate::testing::each_upgrade;

/// A product with two certificates as the first three migrations kept them.
const BEFORE_THE_REGISTRY: &[&str] = &[
    "insert into unit (code, name, kind, parent, valid_from, fold) values
        ('22', 'Tỉnh Quảng Ninh', 'tinh', null, '2025-07-01', ''), ('06862', 'Xã', 'xa', '22', '2025-07-01', '')",
    "insert into producer (id, province, commune, name, kind, registration_no, tax_code, address, phone, email,
        representative, demo, created_at, version, fold)
     values ('0192d3b0-7c1e-7abc-8def-0000000000a1', '22', '06862', 'Hợp tác xã', 'cooperative', '', '', '', '', '',
        '{}', 0, '2026-01-05T03:00:00.000000Z', 1, ' hop tac xa')",
    "insert into product (id, producer_id, province, commune, name, set_no, description, packaging, standard, story,
        created_at, version, fold)
     values ('0192d3b0-7c1e-7abc-8def-0000000000c1', '0192d3b0-7c1e-7abc-8def-0000000000a1', '22', '06862',
        'Mật ong', 4, '', '', '', '', '2026-01-05T03:00:00.000000Z', 1, ' mat ong')",
    "insert into ruleset (hash, regime, set_no, json) values ('hash', '2026-26', 4, '{}')",
    "insert into round (id, province, name, regime, opens_on, propose_by, result_by, version)
     values ('0192d3b0-7c1e-7abc-8def-0000000000e1', '22', 'Đợt 1', '2026-26', '2026-01-05', '2026-04-30',
        '2026-06-30', 1)",
    "insert into council (id, province, round_id, name, decision_no, settings, created_at, version)
     values ('0192d3b0-7c1e-7abc-8def-000000000101', '22', '0192d3b0-7c1e-7abc-8def-0000000000e1', 'Hội đồng', '1',
        '{}', '', 1)",
];

async fn keep_a_certificate(tx: &mut Tx, no: u8, stars: i64, issued_on: &str, valid_until: &str) {
    let dossier = format!("0192d3b0-7c1e-7abc-8def-0000000000d{no}");
    let decision = format!("0192d3b0-7c1e-7abc-8def-0000000002d{no}");
    tx.execute(
        "insert into dossier (id, province, commune, producer_id, product_id, round_id, kind, regime, set_no,
            ruleset, state, form, sheet, created_at, updated_at, version)
         values ($1, '22', '06862', '0192d3b0-7c1e-7abc-8def-0000000000a1', '0192d3b0-7c1e-7abc-8def-0000000000c1',
            '0192d3b0-7c1e-7abc-8def-0000000000e1', 'first', '2026-26', 4, 'hash', 'recognised', '{}', '{}', '', '', 1)",
        crate::args![&dossier],
    )
    .await
    .unwrap();
    tx.execute(
        "insert into decision (id, province, council_id, number, decided_on, signed_by, recorded_at)
         values ($1, '22', '0192d3b0-7c1e-7abc-8def-000000000101', $2, $3, 'Chủ tịch', '2026-01-05T03:00:00.000000Z')",
        crate::args![&decision, &format!("{no}/QĐ-UBND"), issued_on],
    )
    .await
    .unwrap();
    tx.execute(
        "insert into certificate (id, check_code, number, province, dossier_id, product_id, decision_id, stars,
            issued_on, valid_until, product, producer, fold)
         values ($1, $2, '1', '22', $3, '0192d3b0-7c1e-7abc-8def-0000000000c1', $4, $5, $6, $7, 'Mật ong', 'HTX', '')",
        crate::args![
            &format!("0192d3b0-7c1e-7abc-8def-0000000003d{no}"),
            &format!("CODE-{no}"),
            &dossier,
            &decision,
            &stars,
            issued_on,
            valid_until
        ],
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn certificates_learn_what_they_were_and_keep_everything_else() {
    let before = async |db: Db| {
        let mut tx = db.write(Chain::of("province", "22")).await.unwrap();
        for sql in BEFORE_THE_REGISTRY {
            tx.execute(sql, vec![]).await.unwrap();
        }
        keep_a_certificate(&mut tx, 1, 3, "2026-02-01", "2029-01-31").await;
        keep_a_certificate(&mut tx, 2, 4, "2026-06-01", "2029-05-31").await;
        tx.commit_upkeep().await.unwrap();
    };
    let after = async |db: Db| {
        db.migrate(i64::MAX).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let product = "0192d3b0-7c1e-7abc-8def-0000000000c1".parse().unwrap();
        let kept = certificates_of_product(&mut tx, &product).await.unwrap();
        let told: Vec<_> =
            kept.iter().map(|one| (one.check_code.as_str(), one.event, one.next_on, one.level)).collect();
        let next_on = "2026-06-01".parse().ok();
        assert_eq!(
            told,
            [
                ("CODE-2", StarEvent::Upgraded, None, Level::Province),
                ("CODE-1", StarEvent::New, next_on, Level::Province)
            ]
        );
        assert!(kept.iter().all(|one| one.dossier_id.is_some() && one.commune == "06862"));
        let decision = find_decision(&mut tx, &kept[0].decision_id).await.unwrap().unwrap();
        assert_eq!((decision.number.as_str(), decision.council_id.is_some()), ("2/QĐ-UBND", true));
        let joined = tx.row("select joined_on from product", vec![]).await.unwrap();
        assert_eq!(joined.get::<String>("joined_on").unwrap(), "2026-01-05");
        // Nothing of it is in the index yet; the start fills that.
        assert!(search::is_empty(&mut tx).await.unwrap());
        drop(tx);
        let mut tx = db.write(Chain::of("search", "index")).await.unwrap();
        assert!(search::index_all(&mut tx).await.unwrap());
        let mut indexed = Vec::new();
        for kind in Kind::ALL {
            let row = tx
                .row("select count(*) as n from search_entry where kind = $1", crate::args![kind.code()])
                .await;
            indexed.push(row.unwrap().get::<i64>("n").unwrap());
        }
        assert_eq!(indexed, [1, 1, 2, 2]);
    };
    each_upgrade(3, before, after).await;
}

#[tokio::test]
async fn papers_of_before_the_vault_wait_for_their_pages_to_be_counted() {
    let before = async |db: Db| {
        let mut tx = db.write(Chain::of("province", "22")).await.unwrap();
        for sql in &BEFORE_THE_REGISTRY[..2] {
            tx.execute(sql, vec![]).await.unwrap();
        }
        for (no, media) in [(1, "application/pdf"), (2, "image/jpeg"), (3, "video/mp4")] {
            tx.execute(
                "insert into evidence (id, producer_id, kind, title, number, issuer, file_hash, file_name, media_type,
                    size, uploaded_at)
                 values ($1, '0192d3b0-7c1e-7abc-8def-0000000000a1', '12', 'Phiếu', '', '', $2, 'phieu', $3, 9,
                    '2026-01-05T03:00:00.000000Z')",
                crate::args![&format!("0192d3b0-7c1e-7abc-8def-0000000000f{no}"), &format!("hash {no}"), media],
            )
            .await
            .unwrap();
        }
        tx.commit_upkeep().await.unwrap();
    };
    let after = async |db: Db| {
        db.migrate(i64::MAX).await.unwrap();
        let mut tx = db.write(Chain::of("evidence", "pages")).await.unwrap();
        let waiting = evidence::uncounted(&mut tx, 10).await.unwrap();
        assert_eq!(waiting.iter().map(|paper| paper.media_type).collect::<Vec<_>>(), [MediaType::Pdf]);
        evidence::counted(&mut tx, &waiting[0].id, Some(4), waiting[0].uploaded_at).await.unwrap();
        let producer = waiting[0].producer_id.clone();
        let mut papers = evidence::of_producer(&mut tx, &producer).await.unwrap();
        papers.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
        assert_eq!(papers.iter().map(|paper| paper.pages).collect::<Vec<_>>(), [Some(4), Some(1), None]);
    };
    each_upgrade(10, before, after).await;
}

#[tokio::test]
async fn what_people_were_told_stays_told() {
    const PERSON: &str = "0192d3b0-7c1e-7abc-8def-0000000000b1";
    let before = async |db: Db| {
        let mut tx = db.write(Chain::of("person", PERSON)).await.unwrap();
        tx.execute(
            "insert into person (id, email, name, title, phone, password_hash, created_at, failed_logins)
             values ($1, '', 'Cán bộ xã', '', '', '', '2026-01-05T03:00:00.000000Z', 0)",
            crate::args![PERSON],
        )
        .await
        .unwrap();
        tx.execute(
            "insert into notice (person_id, key, at, what, about, href, urgent)
             values ($1, 'filed', '2026-01-05T03:00:00.000000Z', 'Hồ sơ mới nộp', 'Mật ong', '/dossiers', 0)",
            crate::args![PERSON],
        )
        .await
        .unwrap();
        tx.commit_upkeep().await.unwrap();
    };
    let after = async |db: Db| {
        let mut tx = db.read().await.unwrap();
        let told = notifications::of_person(&mut tx, &PERSON.parse().unwrap(), 10).await.unwrap();
        assert_eq!(told.iter().map(|one| one.what.as_str()).collect::<Vec<_>>(), ["Hồ sơ mới nộp"]);
    };
    each_upgrade(21, before, after).await;
}
