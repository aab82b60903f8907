//! The content hash that pins a dossier to the sheet it was filed under.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::ProductSet;

impl ProductSet {
    /// SHA-256 (hex) of the set's canonical JSON: keys sorted, no white space, absent values left
    /// out. Any change of a text, a point, a floor or a band changes it; comments and the order of
    /// keys in the rule files do not.
    pub fn hash(&self) -> String {
        let mut canonical = String::new();
        // Strings, numbers, lists and string keys: nothing in a set can fail to become JSON.
        write(&serde_json::to_value(self).unwrap_or(Value::Null), &mut canonical);
        Sha256::digest(canonical.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Keys are sorted here and not left to serde_json, whose map keeps or sorts them depending on
/// features that any crate in the build may switch on.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| key.as_str());
            list('{', '}', fields, out, |(key, value), out| {
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(value, out);
            });
        }
        Value::Array(items) => list('[', ']', items.iter().collect(), out, write),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            out.push_str(&value.to_string())
        }
    }
}

fn list<T>(open: char, close: char, items: Vec<T>, out: &mut String, each: impl Fn(T, &mut String)) {
    out.push(open);
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        each(item, out);
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::super::sample;

    /// One line a sheet: points by part, criteria, floors of 3, 4 and 5 stars, the start of its hash.
    fn register() -> String {
        let mut lines = String::new();
        for set in sample::repository().regimes.values().flat_map(|regime| regime.sets.values()) {
            let sum = |part| set.sections_of(part).map(|section| section.max).sum::<u16>();
            let parts = set.parts.iter().map(|part| sum(part.code).to_string()).collect::<Vec<_>>().join("/");
            let levels =
                || set.criteria().flat_map(|criterion| &criterion.alternatives).flat_map(|one| &one.levels);
            let floors = [3, 4, 5].map(|stars| levels().filter(|level| level.floor == Some(stars)).count());
            lines += &format!(
                "{:<11} {parts}  {} criteria, {} levels, floors {floors:?}  {}  {}\n",
                set.reference(),
                set.criteria().count(),
                levels().count(),
                &set.hash()[..12],
                set.name
            );
        }
        lines
    }

    /// A sheet that was ever in use never changes unseen: dossiers are pinned to its hash, and a
    /// correction shows here as a changed line.
    #[test]
    fn the_register_of_sheets_changes_only_on_purpose() {
        insta::assert_snapshot!("sheets", register());
    }

    #[test]
    fn the_hash_follows_the_content_and_nothing_else() {
        let set = sample::honey();
        let hash = set.hash();
        assert_eq!(hash.len(), 64);

        let again: super::ProductSet =
            serde_json::from_str(&serde_json::to_string_pretty(&*set).unwrap()).unwrap();
        assert_eq!(again, *set);
        assert_eq!(again.hash(), hash);

        let commented =
            sample::files().into_iter().map(|(path, text)| (path, format!("# ghi chú\n\n{text}"))).collect();
        assert_eq!(super::super::load(&commented).unwrap().set("2026-26", 4).unwrap().hash(), hash);

        let mut other = again;
        other.sections[0].criteria[0].alternatives[0].levels[0].text.push('.');
        assert_ne!(other.hash(), hash);
    }
}
