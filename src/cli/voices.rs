//! Voice files on disk and in the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::Trouble;
use crate::voice::source::Source;

/// The texts of a voice and of its dialogues.
#[derive(Clone, Debug, Default)]
pub(super) struct VoiceFiles {
    /// What people call it: the name of its folder or file.
    pub name: String,
    /// The voice.
    pub sources: Vec<Source>,
    /// Its dialogues.
    pub dialogues: Vec<Source>,
}

impl VoiceFiles {
    /// The version of the voice: a fingerprint of its files.
    pub fn version(&self) -> String {
        let mut hash = Sha256::new();
        for source in &self.sources {
            hash.update(source.text.len().to_le_bytes());
            hash.update(source.text.as_bytes());
        }
        hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The voices that come with the program, so that it works anywhere.
#[derive(RustEmbed)]
#[folder = "voices/"]
struct Bundled;

/// The voice of a path, or the bundled one of a name.
pub(super) fn one(wanted: &str) -> Result<VoiceFiles, Trouble> {
    let mut voices = all(wanted)?;
    match (voices.pop(), voices.is_empty()) {
        (Some(voice), true) => Ok(voice),
        (_, _) => Err(Trouble::new(format!("{wanted} holds several voices; name one of them"))),
    }
}

/// Every voice of a path (a voice file, the folder of a voice, a folder of voices), or of a name: the one of that name in
/// `voices/`, else the one that comes with the program.
pub(super) fn all(wanted: &str) -> Result<Vec<VoiceFiles>, Trouble> {
    let path = Path::new(wanted);
    if path.is_file() {
        return Ok(vec![file(path)?]);
    }
    if path.is_dir() {
        let voices = folder(path)?;
        return if voices.is_empty() {
            Err(Trouble::new(format!("there are no .toml files in {wanted}")))
        } else {
            Ok(voices)
        };
    }
    // Whoever edits a copy of a bundled voice in `voices/` means that copy, not the one inside the program.
    let beside = Path::new("voices").join(wanted);
    if !wanted.is_empty() && beside.is_dir() {
        return folder(&beside);
    }
    bundled().remove(wanted).map(|voice| vec![voice]).ok_or_else(|| not_there(wanted))
}

fn not_there(wanted: &str) -> Trouble {
    let names: Vec<String> = bundled().into_keys().collect();
    let looks_like_path = wanted.contains(['/', '\\', '.']);
    let what = if looks_like_path { "there is no file or folder" } else { "there is no voice called" };
    Trouble::new(format!("{what} {wanted}; voices that come with the program: {}", names.join(", ")))
}

/// The bundled voices by name.
pub(super) fn bundled() -> BTreeMap<String, VoiceFiles> {
    let mut voices: BTreeMap<String, VoiceFiles> = BTreeMap::new();
    let mut paths: Vec<String> = Bundled::iter().map(|path| path.to_string()).filter(|path| is_toml(path)).collect();
    paths.sort();
    for path in paths {
        let Some(text) = Bundled::get(&path).and_then(|file| String::from_utf8(file.data.into_owned()).ok()) else {
            continue;
        };
        let name = path.split('/').next().unwrap_or(&path);
        let name = name.split('.').next().unwrap_or(name).to_owned();
        let voice = voices.entry(name.clone()).or_insert_with(|| VoiceFiles { name, ..VoiceFiles::default() });
        let source = Source { name: format!("voices/{path}"), text };
        if is_dialogue(&path) { voice.dialogues.push(source) } else { voice.sources.push(source) }
    }
    voices.retain(|_, voice| !voice.sources.is_empty());
    voices
}

/// A voice that is one file, with `NAME.test.toml` and `NAME.*.test.toml` beside it.
fn file(path: &Path) -> Result<VoiceFiles, Trouble> {
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let belongs = |candidate: &PathBuf| {
        let file = candidate.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
        is_dialogue(&file) && file.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'))
    };
    let dialogues = entries(beside)?.into_iter().filter(belongs);
    let dialogues = dialogues.map(|path| read(&path)).collect::<Result<_, _>>()?;
    Ok(VoiceFiles { sources: vec![read(path)?], dialogues, name })
}

/// The voice of a folder with `.toml` files in it, else those of its folders.
fn folder(path: &Path) -> Result<Vec<VoiceFiles>, Trouble> {
    let entries = entries(path)?;
    let files: Vec<&PathBuf> =
        entries.iter().filter(|entry| entry.is_file() && is_toml(&entry.to_string_lossy())).collect();
    if files.is_empty() {
        let voices = entries.iter().filter(|entry| entry.is_dir()).map(|inner| folder(inner));
        return voices.collect::<Result<Vec<_>, _>>().map(|voices| voices.into_iter().flatten().collect());
    }
    let canonical = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = canonical.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut voice = VoiceFiles { name, ..VoiceFiles::default() };
    for file in files {
        let source = read(file)?;
        if is_dialogue(&source.name) { voice.dialogues.push(source) } else { voice.sources.push(source) }
    }
    Ok(vec![voice])
}

/// What is in a folder, by name; hidden things are left out.
fn entries(path: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let trouble = |error: std::io::Error| Trouble::new(format!("cannot read {}: {error}", path.display()));
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).map_err(trouble)? {
        let entry = entry.map_err(trouble)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            entries.push(path.join(entry.file_name()));
        }
    }
    entries.sort();
    Ok(entries)
}

/// Largest voice file that is read: a hundred times what a large brand writes.
const MAX_FILE_BYTES: u64 = 10 * 1024 * 1024;

fn read(path: &Path) -> Result<Source, Trouble> {
    let trouble = |error: std::io::Error| Trouble::new(format!("cannot read {}: {error}", path.display()));
    if fs::metadata(path).map_err(trouble)?.len() > MAX_FILE_BYTES {
        let most = MAX_FILE_BYTES / 1024 / 1024;
        return Err(Trouble::new(format!("{} has more than {most} MB; is it a voice file?", path.display())));
    }
    let bytes = fs::read(path).map_err(trouble)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let fine = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
        let line = fine.filter(|byte| **byte == b'\n').count() + 1;
        Trouble::new(format!("{}:{line} is not text in UTF-8; save the file as UTF-8", path.display()))
    })?;
    Ok(Source { name: path.display().to_string(), text })
}

fn is_toml(path: &str) -> bool {
    path.ends_with(".toml")
}

fn is_dialogue(path: &str) -> bool {
    path.ends_with(".test.toml")
}
