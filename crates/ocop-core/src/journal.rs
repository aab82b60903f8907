//! The hash-chained journal: what was done, by whom, when, on what; and the proof of it.
//!
//! Every change is one link in the chain of its subject (a dossier, a producer, a council …).
//! A link's hash covers the link before it, so changing, removing or inserting one breaks the
//! chain; heads are kept apart and sealed together once a day, so cutting a chain's end shows too.

use sha2::{Digest, Sha256};

use crate::time::Instant;

/// One entry as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The subject: `dossier:ID`, `producer:ID`, `council:ID`, `person:ID`, `province:CODE`.
    pub chain: String,
    /// Place in the chain, from 1.
    pub seq: i64,
    /// When it was done.
    pub at: Instant,
    /// Who did it: a person's id, or `system`.
    pub actor: String,
    /// What was done: the code of the action.
    pub action: String,
    /// The details as JSON text, exactly as hashed.
    pub data: String,
    /// Hash of the link before, empty for the first.
    pub prev: String,
    /// Hash of this link.
    pub hash: String,
}

impl Link {
    /// SHA-256 over all other fields, each with its length in front so that no two different
    /// links read the same.
    pub fn expected_hash(&self) -> String {
        let (seq, at) = (self.seq.to_string(), self.at.to_string());
        hash_fields(&[&self.prev, &self.chain, &seq, &at, &self.actor, &self.action, &self.data])
    }
}

/// SHA-256 (hex) over length-prefixed fields.
fn hash_fields(fields: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for field in fields {
        hasher.update(field.len().to_string());
        hasher.update(":");
        hasher.update(field);
    }
    hex(&hasher.finalize())
}

/// SHA-256 of bytes as lower-case hex: names of files, submissions and rulesets.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The end of a chain as kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Head {
    /// The subject.
    pub chain: String,
    /// Its last place.
    pub seq: i64,
    /// Its last hash.
    pub hash: String,
}

/// A daily seal over all heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// When the heads were sealed.
    pub at: Instant,
    /// Hash of the seal before, empty for the first.
    pub prev: String,
    /// Hash over `prev` and all heads as of `at`, in order.
    pub hash: String,
}

/// The hash of a seal over `heads` (sorted here).
pub fn seal_hash(prev: &str, at: Instant, heads: &[Head]) -> String {
    let mut sorted = heads.to_vec();
    sorted.sort();
    let lines: Vec<String> =
        sorted.iter().map(|head| format!("{} {} {}", head.chain, head.seq, head.hash)).collect();
    hash_fields(&[prev, &at.to_string(), &lines.join("\n")])
}

/// What is wrong with the journal, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Tampering {
    /// A field of the link was changed.
    #[error("{chain}, mục {seq}: nội dung đã bị sửa (mã băm không khớp)")]
    Changed {
        /// The subject.
        chain: String,
        /// The place.
        seq: i64,
    },
    /// The link before it was removed, inserted or replaced.
    #[error("{chain}, mục {seq}: không nối với mục trước")]
    NotLinked {
        /// The subject.
        chain: String,
        /// The place.
        seq: i64,
    },
    /// A place is missing or stands twice.
    #[error("{chain}: thiếu hoặc thừa mục, cần mục {expected}, gặp mục {found}")]
    Gap {
        /// The subject.
        chain: String,
        /// The place that should come.
        expected: i64,
        /// The place that came.
        found: i64,
    },
    /// The chain's end is not the one kept beside it.
    #[error("{chain}: điểm cuối không khớp, sổ ghi mục {kept}, còn lại mục {found}")]
    WrongEnd {
        /// The subject.
        chain: String,
        /// The last place by the head.
        kept: i64,
        /// The last place found.
        found: i64,
    },
    /// A chain without a head, or a head without a chain.
    #[error("{chain}: có mục nhưng không có điểm cuối, hoặc ngược lại")]
    NoHead {
        /// The subject.
        chain: String,
    },
    /// A daily seal does not fit what stood then.
    #[error("niêm ngày {at}: không khớp với các mục có đến lúc đó")]
    WrongSeal {
        /// The seal.
        at: String,
    },
}

/// Checks links (sorted by chain and place), heads and seals. Empty means proven.
pub fn verify(links: &[Link], heads: &[Head], seals: &[Seal]) -> Vec<Tampering> {
    let mut faults = Vec::new();
    for chain in links.chunk_by(|a, b| a.chain == b.chain) {
        faults.extend(verify_chain(chain));
    }
    faults.extend(verify_ends(links, heads));
    faults.extend(verify_seals(links, seals));
    faults
}

fn verify_chain(chain: &[Link]) -> Vec<Tampering> {
    let mut faults = Vec::new();
    let (mut expected, mut prev) = (1, "");
    for link in chain {
        if link.seq != expected {
            faults.push(Tampering::Gap { chain: link.chain.clone(), expected, found: link.seq });
        } else if link.prev != prev {
            faults.push(Tampering::NotLinked { chain: link.chain.clone(), seq: link.seq });
        }
        if link.hash != link.expected_hash() {
            faults.push(Tampering::Changed { chain: link.chain.clone(), seq: link.seq });
        }
        (expected, prev) = (link.seq + 1, link.hash.as_str());
    }
    faults
}

fn ends<'a>(links: impl Iterator<Item = &'a Link>) -> std::collections::BTreeMap<&'a str, &'a Link> {
    links.map(|link| (link.chain.as_str(), link)).collect()
}

fn verify_ends(links: &[Link], heads: &[Head]) -> Vec<Tampering> {
    let mut last = ends(links.iter());
    let mut faults = Vec::new();
    for head in heads.iter().filter(|head| head.seq > 0) {
        match last.remove(head.chain.as_str()) {
            Some(link) if link.seq == head.seq && link.hash == head.hash => {}
            Some(link) => faults.push(Tampering::WrongEnd {
                chain: head.chain.clone(),
                kept: head.seq,
                found: link.seq,
            }),
            None => faults.push(Tampering::NoHead { chain: head.chain.clone() }),
        }
    }
    faults.extend(last.into_keys().map(|chain| Tampering::NoHead { chain: chain.to_owned() }));
    faults
}

/// The heads as they stood at `at`, by the links that are there now.
pub fn heads_at(links: &[Link], at: Instant) -> Vec<Head> {
    ends(links.iter().filter(|link| link.at <= at))
        .into_values()
        .map(|link| Head { chain: link.chain.clone(), seq: link.seq, hash: link.hash.clone() })
        .collect()
}

fn verify_seals(links: &[Link], seals: &[Seal]) -> Vec<Tampering> {
    let mut prev = "";
    let mut faults = Vec::new();
    for seal in seals {
        if seal.prev != prev || seal.hash != seal_hash(prev, seal.at, &heads_at(links, seal.at)) {
            faults.push(Tampering::WrongSeal { at: seal.at.to_string() });
        }
        prev = &seal.hash;
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(name: &str, length: i64) -> Vec<Link> {
        let mut links: Vec<Link> = Vec::new();
        for seq in 1..=length {
            let mut link = Link {
                chain: name.to_owned(),
                seq,
                at: format!("2026-11-24T03:00:{seq:02}Z").parse().unwrap(),
                actor: "system".to_owned(),
                action: "submit_dossier".to_owned(),
                data: format!("{{\"n\":{seq}}}"),
                prev: links.last().map(|link| link.hash.clone()).unwrap_or_default(),
                hash: String::new(),
            };
            link.hash = link.expected_hash();
            links.push(link);
        }
        links
    }

    fn sound() -> (Vec<Link>, Vec<Head>, Vec<Seal>) {
        let mut links = chain("dossier:a", 4);
        links.extend(chain("dossier:b", 2));
        let heads = heads_at(&links, "2026-12-01T00:00:00Z".parse().unwrap());
        let at = "2026-11-24T03:00:02Z".parse().unwrap();
        let seal = Seal { at, prev: String::new(), hash: seal_hash("", at, &heads_at(&links, at)) };
        (links, heads, vec![seal])
    }

    #[test]
    fn a_sound_journal_is_proven() {
        let (links, heads, seals) = sound();
        assert_eq!(verify(&links, &heads, &seals), vec![]);
    }

    #[test]
    fn every_tampering_is_named() {
        type Hand<'a> = &'a dyn Fn(&mut Vec<Link>, &mut Vec<Head>, &mut Vec<Seal>);
        let check = |what: &str, change: Hand| {
            let (mut links, mut heads, mut seals) = sound();
            change(&mut links, &mut heads, &mut seals);
            let found = verify(&links, &heads, &seals);
            assert!(found.iter().any(|fault| fault.to_string().contains(what)), "{what}: {found:?}");
        };
        check("dossier:a, mục 2: nội dung đã bị sửa", &|links, _, _| links[1].data.push(' '));
        check("dossier:a, mục 3: nội dung đã bị sửa", &|links, _, _| {
            links[2].actor = "khác".to_owned()
        });
        check("dossier:a: thiếu hoặc thừa mục, cần mục 2", &|links, _, _| drop(links.remove(1)));
        check("dossier:a: thiếu hoặc thừa mục", &|links, _, _| links.insert(1, links[0].clone()));
        check("dossier:a: điểm cuối", &|links, _, _| drop(links.remove(3)));
        check("dossier:b: có mục nhưng không", &|links, _, _| links.truncate(4));
        check("dossier:b: có mục nhưng không", &|_, heads, _| heads.truncate(1));
        // Cutting the end together with its head leaves the seal as witness.
        check("niêm ngày", &|links, heads, _| {
            links.truncate(4);
            heads.truncate(1);
        });
        // A rewritten link with a fresh hash no longer carries its successor.
        check("dossier:a, mục 3: không nối", &|links, _, _| {
            links[1].data = "{}".to_owned();
            links[1].hash = links[1].expected_hash();
        });
    }
}
