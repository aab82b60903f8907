//! Scoring and tallying random ballots of every product set, beside floors of the same run.
//!
//! Absolute times are noise between machines; what counts is the ratio to reading the same ballots:
//! as bytes, and as JSON.

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ocop_core::rules::{ProductSet, Rules, load};
use ocop_core::scoring::{Choice, Sheet, advise, score, tally};

use crate::chance::Chance;

/// Ballots of one product set.
const BALLOTS: usize = 180;
/// Members of a council.
const COUNCIL: usize = 9;
/// Times that each is done; the fastest counts.
const ROUNDS: usize = 5;

/// Measures and prints.
pub fn measure() -> Result<(), Box<dyn Error>> {
    let before = memory_kb()?;
    let rules = read_rules()?;
    let loaded = memory_kb()?.saturating_sub(before);
    let sets: Vec<Arc<ProductSet>> =
        rules.regimes.values().flat_map(|regime| regime.sets.values().cloned()).collect();
    let mut chance = Chance::new();
    let ballots: Vec<Vec<Sheet>> =
        sets.iter().map(|set| (0..BALLOTS).map(|_| ballot(set, &mut chance)).collect()).collect();
    let texts: Vec<Vec<u8>> = ballots.iter().flatten().map(serde_json::to_vec).collect::<Result<_, _>>()?;
    let count = texts.len();
    let bytes: usize = texts.iter().map(Vec::len).sum();
    println!("{} product sets, {count} ballots, {bytes} bytes of JSON", sets.len());
    println!("rules of all regimes in memory: {loaded} KiB");

    let read = fastest(|| {
        let mut sum = 0_u64;
        for byte in texts.iter().flatten() {
            sum = sum.wrapping_add(u64::from(*byte));
        }
        black_box(sum);
    });
    let parse = fastest(|| {
        for text in &texts {
            black_box(serde_json::from_slice::<Sheet>(text).is_ok());
        }
    });
    let scored = fastest(|| {
        for (set, ballots) in sets.iter().zip(&ballots) {
            for ballot in ballots {
                black_box(score(set, ballot).is_ok());
            }
        }
    });
    let tallied = fastest(|| {
        for (set, ballots) in sets.iter().zip(&ballots) {
            for council in ballots.chunks(COUNCIL) {
                black_box(tally(set, council).is_ok());
            }
        }
    });
    let few: Vec<(&Arc<ProductSet>, &Sheet)> =
        sets.iter().zip(ballots.iter().filter_map(|ballots| ballots.first())).collect();
    let advised = fastest(|| {
        for (set, ballot) in &few {
            black_box(advise(set, ballot, None).is_ok());
        }
    });
    tell("read as bytes", read, count, parse);
    tell("read as JSON", parse, count, parse);
    tell("score", scored, count, parse);
    tell("tally (each ballot)", tallied, count, parse);
    tell(
        "way to the next star",
        advised,
        few.len(),
        parse * u32::try_from(few.len())? / u32::try_from(count)?,
    );
    Ok(())
}

/// `score  812.000 a second, 1,94 times the time of reading them as JSON`, with whole numbers only.
fn tell(what: &str, took: Duration, count: usize, floor: Duration) {
    let a_second = count as u128 * 1_000_000_000 / took.as_nanos().max(1);
    let hundredths = took.as_nanos() * 100 / floor.as_nanos().max(1);
    println!(
        "{what:<22} {a_second:>10} a second, {}.{:02} times the time of reading the same as JSON",
        hundredths / 100,
        hundredths % 100
    );
}

fn fastest(mut work: impl FnMut()) -> Duration {
    (0..ROUNDS)
        .map(|_| {
            let start = std::time::Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn ballot(set: &ProductSet, chance: &mut Chance) -> Sheet {
    let mut sheet = Sheet::default();
    for criterion in set.criteria() {
        let at = chance.below(criterion.alternatives.len());
        let levels = criterion.alternatives.get(at).map_or(0, |case| usize::from(case.highest()));
        let no = |at: usize| u8::try_from(at).unwrap_or(0);
        let choice = Choice { alternative: no(at + 1), level: no(chance.below(levels + 1)), note: None };
        sheet.choices.insert(criterion.code.clone(), choice);
    }
    sheet
}

fn read_rules() -> Result<Rules, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules");
    let mut files = BTreeMap::new();
    read(&root, "", &mut files)?;
    load(&files)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into())
}

fn read(folder: &Path, inside: &str, files: &mut BTreeMap<String, String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let path = format!("{inside}{}", name.to_string_lossy());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{path}/"), files)?;
        } else if path.ends_with(".toml") {
            files.insert(path, std::fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}

/// Memory of this process now, in KiB (Linux).
fn memory_kb() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.split_whitespace().next().ok_or("no number")?.parse()?)
}
