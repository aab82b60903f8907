//! The tables that a nation fills.

use ocop_store::bulk::Into;

pub const DECISION: Into = ("decision (id, province, number, decided_on, signed_by, recorded_at)", 6);
pub const PRODUCER: Into = (
    "producer (id, province, commune, name, kind, registration_no, registered_on, tax_code, address, phone, email,
        fold, led_by_woman, led_by_minority, representative, demo, created_at, version)",
    18,
);
pub const PRODUCT: Into = (
    "product (id, producer_id, province, commune, name, set_no, description, packaging, standard, story, fold,
        joined_on, stamped_since, created_at, version)",
    15,
);
pub const LISTING: Into = ("listing (product_id, platform, since, url)", 4);
pub const REVENUE: Into = ("revenue (product_id, year, amount, noted_at)", 4);
pub const EVALUATION: Into = (
    "evaluation (id, product_id, province, regime, set_no, level, unit, unit_name, council, evaluated_on, mean_num,
        mean_den, parts, stars, outcome, explanation, ballots, recorded_at)",
    18,
);
pub const CERTIFICATE: Into = (
    "certificate (id, check_code, number, province, product_id, product, producer, fold, decision_id, stars,
        issued_on, valid_until, level, commune, event, next_on, set_no)",
    17,
);
