//! The least that a council needs around it.

use super::*;

pub(crate) fn at(hour: u32) -> Instant {
    format!("2026-11-24T{hour:02}:00:00.000000Z").parse().unwrap()
}

/// An id made of one number, readable in a failure.
pub(crate) fn id<T: std::str::FromStr>(number: u32) -> T {
    format!("0192d3b0-7c1e-7abc-8def-{number:012x}").parse().ok().unwrap()
}

/// Rules of work as they were kept first.
pub(crate) fn rules() -> CouncilSettings {
    let kept = r#"{"quorum_percent":75,"chair_required":true,"spread_limit":10,"secretary_votes":true}"#;
    serde_json::from_str(kept).unwrap()
}

const REPRESENTATIVE: &str =
    r#"{"name":"Người 9","title":"","gender":null,"ethnicity":"","residence":"","disabled":false}"#;

/// Province 22 with a round, one dossier of council 1 (ids 1), and persons 1 to 4.
pub(crate) async fn province(tx: &mut Tx) {
    for sql in [
        "insert into unit (code, name, kind, parent, valid_from, valid_to, fold)
         values ('22', 'Tỉnh Quảng Ninh', 'tinh', null, '2025-07-01', null, ' tinh quang ninh')",
        "insert into ruleset (hash, regime, set_no, json) values ('ab', '2026-26', 4, '{}')",
    ] {
        tx.execute(sql, vec![]).await.unwrap();
    }
    for number in 1..=4_u32 {
        tx.execute(
            "insert into person (id, email, name, title, phone, password_hash, created_at, failed_logins)
             values ($1, $2, $3, 'Chuyên viên', '', '', '2026-01-01T00:00:00.000000Z', 0)",
            crate::args![&id::<PersonId>(number), &format!("{number}@x.vn"), &format!("Người {number}")],
        )
        .await
        .unwrap();
    }
    tx.execute(
        "insert into round (id, province, name, regime, opens_on, propose_by, result_by, version)
         values ($1, '22', 'Đợt 2', '2026-26', '2026-06-01', '2026-10-30', '2026-12-30', 1)",
        crate::args![&id::<RoundId>(1)],
    )
    .await
    .unwrap();
    tx.execute(
        "insert into producer (id, province, commune, name, kind, registration_no, tax_code, address, phone, email,
            representative, demo, created_at, version, fold)
         values ($1, '22', '22', 'HTX Hợp Tiến', 'cooperative', '', '', '', '', '', $2, 0,
            '2026-01-01T00:00:00.000000Z', 1, '')",
        crate::args![&id::<PersonId>(1), REPRESENTATIVE],
    )
    .await
    .unwrap();
    tx.execute(
        "insert into product (id, producer_id, province, commune, name, set_no, description, packaging, standard,
            story, created_at, version, fold)
         values ($1, $1, '22', '22', 'Mật ong rừng', 4, '', '', '', '', '2026-01-01T00:00:00.000000Z', 1, '')",
        crate::args![&id::<PersonId>(1)],
    )
    .await
    .unwrap();
    let council = Council {
        id: id(1),
        province: "22".to_owned(),
        round_id: id(1),
        name: "Hội đồng đợt 2".to_owned(),
        decision_no: "12/QĐ-UBND".to_owned(),
        decision_on: "2026-11-01".parse().ok(),
        settings: rules(),
        created_at: at(1),
        version: 1,
    };
    insert(tx, &council).await.unwrap();
    tx.execute(
        "insert into dossier (id, province, commune, producer_id, product_id, round_id, kind, regime, set_no,
            ruleset, state, form, sheet, council_id, created_at, updated_at, version)
         values ($1, '22', '22', $1, $1, $1, 'first', '2026-26', 4, 'ab', 'scoring', '{}', '{}', $1, $2, $2, 1)",
        crate::args![&id::<DossierId>(1), &at(1)],
    )
    .await
    .unwrap();
}

/// Persons 1 to 3 as chair, member and advisor with seats 1 to 3.
pub(crate) async fn three_seats(tx: &mut Tx) {
    for (number, kind) in (1_u32..).zip([SeatKind::Chair, SeatKind::Member, SeatKind::Advisor]) {
        let added = add_seat(tx, &id(number), &id(1), &id(number), kind, "Sở Y tế", SeatScope::Council)
            .await
            .unwrap();
        assert_eq!(added, Some(id(number)));
    }
}
