//! bot.toml, voices and secrets, with everything that is wrong in them at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::cli::voices::{self, VoiceFiles};
use crate::cli::{Trouble, findings, paint::Paint, tell};
use crate::config::{BrandConfig, Config, Misconfigured, Secret, SecretName, read};
use crate::voice::load::load;
use crate::voice::{BrandId, Level, Voice};

/// All that is needed to begin.
pub(in crate::cli) struct Prepared {
    pub config: Config,
    pub brands: Vec<PreparedBrand>,
}

/// A brand with its voice and its secrets.
pub(in crate::cli) struct PreparedBrand {
    pub config: BrandConfig,
    pub voice: Voice,
    pub version: String,
    pub discord_token: Option<Secret>,
    pub telegram_token: Option<Secret>,
    pub telegram_webhook_secret: Option<Secret>,
}

impl Prepared {
    /// Every secret of the process: what must not stand in a log.
    pub fn secrets(&self) -> Vec<Secret> {
        let of = |brand: &PreparedBrand| {
            [&brand.discord_token, &brand.telegram_token, &brand.telegram_webhook_secret].map(Clone::clone)
        };
        self.brands.iter().flat_map(of).flatten().collect()
    }
}

/// Reads everything; tells everything that is wrong.
pub(super) fn prepare(path: &Path) -> Result<Prepared, Trouble> {
    let (prepared, wrong) = look(path).map_err(|wrong| told(&wrong))?;
    if wrong.is_empty() { Ok(prepared) } else { Err(told(&wrong)) }
}

fn told(wrong: &[String]) -> Trouble {
    Trouble::new(wrong.join("\nhousevoice: "))
}

/// Reads everything; gives the brands with which nothing is wrong, and what is wrong with the others. An error is about
/// bot.toml itself.
pub(in crate::cli) fn look(path: &Path) -> Result<(Prepared, Vec<String>), Vec<String>> {
    let config = configured(path)?;
    let mut brands = Vec::new();
    let mut wrong: Vec<String> = Vec::new();
    for brand in &config.brands {
        match prepare_brand(brand) {
            Ok(prepared) => brands.push(prepared),
            Err(sentences) => wrong.extend(sentences),
        }
    }
    wrong.extend(same_brand_twice(&brands));
    Ok((Prepared { config, brands }, wrong))
}

/// Reads bot.toml alone; what is wrong with it, otherwise.
pub(in crate::cli) fn configured(path: &Path) -> Result<Config, Vec<String>> {
    let text = fs::read_to_string(path).map_err(|error| vec![unreadable(path, &error)])?;
    let mut config = read(&text).map_err(|wrong| sentences(path, &text, &wrong))?;
    beside(path, &mut config);
    Ok(config)
}

/// Paths in bot.toml are read from where it stands; a voice that is not there may be one that comes with the program.
fn beside(path: &Path, config: &mut Config) {
    let folder = path.parent().unwrap_or(Path::new(""));
    config.store = config.store.clone().beside(folder);
    for brand in &mut config.brands {
        let voice = folder.join(&brand.voice);
        if voice.exists() {
            brand.voice = voice.to_string_lossy().into_owned();
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::NotFound {
        return format!(
            "there is no {}; copy bot.example.toml to bot.toml and change it, or name your file with --config",
            path.display()
        );
    }
    format!("cannot read {}: {error}", path.display())
}

fn sentences(path: &Path, text: &str, wrong: &[Misconfigured]) -> Vec<String> {
    let sentence = |wrong: &Misconfigured| match wrong.line(text) {
        Some(line) => format!("{}:{line}: {}", path.display(), wrong.sentence),
        None => format!("{}: {}", path.display(), wrong.sentence),
    };
    wrong.iter().map(sentence).collect()
}

fn prepare_brand(config: &BrandConfig) -> Result<PreparedBrand, Vec<String>> {
    let mut wrong = Vec::new();
    let mut fetch = |name: Option<&SecretName>| {
        let fetched = name?.fetch(|name| std::env::var(name).ok());
        fetched.map_err(|unset| wrong.push(format!("{unset}; {} needs it", config.voice))).ok()
    };
    let telegram = config.telegram.as_ref();
    let discord_token = fetch(config.discord.as_ref().map(|discord| &discord.token_env));
    let telegram_token = fetch(telegram.map(|telegram| &telegram.token_env));
    let telegram_webhook_secret = fetch(telegram.and_then(|telegram| telegram.webhook_secret_env.as_ref()));
    let voice = voice_of(&config.voice).map_err(|sentence| wrong.push(sentence)).ok();
    let fine = wrong.is_empty();
    match voice {
        Some((files, voice)) if fine => Ok(PreparedBrand {
            config: config.clone(),
            version: files.version(),
            voice,
            discord_token,
            telegram_token,
            telegram_webhook_secret,
        }),
        _ => Err(wrong),
    }
}

/// The voice of a brand; what is wrong with it is told at once.
pub(in crate::cli) fn voice_of(name: &str) -> Result<(VoiceFiles, Voice), String> {
    let files = voices::one(name).map_err(|trouble| trouble.0)?;
    let loaded = load(&files.sources);
    match loaded.voice {
        Some(voice) => Ok((files, voice)),
        None => {
            let errors: Vec<_> = loaded.findings.into_iter().filter(|finding| finding.level == Level::Error).collect();
            tell(&findings::render(&errors, &files.sources, Paint::stderr()));
            Err(format!(
                "{name} cannot be spoken with; mend what is told above (`housevoice check {name}` shows it again)"
            ))
        }
    }
}

fn same_brand_twice(brands: &[PreparedBrand]) -> Vec<String> {
    let mut seen: BTreeMap<&BrandId, &str> = BTreeMap::new();
    let mut wrong = Vec::new();
    for brand in brands {
        if let Some(other) = seen.insert(&brand.voice.brand.id, &brand.config.voice) {
            let (id, voice) = (&brand.voice.brand.id, &brand.config.voice);
            wrong.push(format!("{other} and {voice} are both the brand {id}; put one [[brands]] with both platforms"));
        }
    }
    wrong
}
