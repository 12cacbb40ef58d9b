//! What the tests share: the bundled voices, learned once.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::LazyLock;

use housevoice::engine::Brand;
use housevoice::voice::load::load;
use housevoice::voice::source::Source;

/// The files of a bundled voice, without its dialogues, in the order of their names.
pub fn voice_sources(name: &str) -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("voices").join(name);
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .filter(|path| path.to_string_lossy().ends_with(".toml") && !path.to_string_lossy().ends_with(".test.toml"))
        .map(|path| Source { name: path.display().to_string(), text: std::fs::read_to_string(&path).unwrap() })
        .collect()
}

/// A bundled voice, learned.
pub fn brand(name: &str) -> Brand {
    let loaded = load(&voice_sources(name));
    Brand::new(loaded.voice.unwrap_or_else(|| panic!("{name} does not load: {:#?}", loaded.findings)))
}

/// The calm shop.
pub static SHOP: LazyLock<Brand> = LazyLock::new(|| brand("lantern-loom"));
/// The playful studio.
pub static STUDIO: LazyLock<Brand> = LazyLock::new(|| brand("pocket-comet"));
