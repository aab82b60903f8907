//! Gives the assets a version: browsers keep them until they change.

use std::hash::{DefaultHasher, Hash, Hasher};

fn main() {
    println!("cargo:rerun-if-changed=assets");
    let mut paths: Vec<_> =
        std::fs::read_dir("assets").into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut hasher = DefaultHasher::new();
    for path in paths {
        std::fs::read(path).unwrap_or_default().hash(&mut hasher);
    }
    println!("cargo:rustc-env=OCOP_ASSETS_HASH={:x}", hasher.finish());
}
