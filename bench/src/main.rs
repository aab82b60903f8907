//! What `cargo xtask bench` measures: scoring beside a floor of the same run, the registry of
//! one province beside the same province inside a nation, a whole season, and
//! the council's room. The figures stand in `docs/budget.md`.

mod chance;
mod nation;
mod program;
mod registry;
mod room;
mod scoring;
mod season;

use std::error::Error;

const USAGE: &str = "bench [registry [--products N] | season [--products N] | room]";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => scoring::measure(),
        ["registry"] => registry::measure(20_000),
        ["registry", "--products", count] => registry::measure(count.parse()?),
        ["room"] => room::measure(),
        ["season"] => season::measure(117),
        ["season", "--products", count] => season::measure(count.parse()?),
        _ => Err(USAGE.into()),
    }
}
