//! A small disk of one's own that can be filled up: memory that is mounted, which only root may do. Where it cannot be had,
//! the tests that need it say so aloud; with `HOUSEVOICE_REQUIRE_DISK=1` they fail.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How much it holds, in kilobytes.
const SIZE: usize = 6 * 1024;

/// A disk at a folder, until it is dropped.
pub struct Disk {
    at: PathBuf,
}

impl Disk {
    /// Puts a disk in place of a folder; the files that are there lie on it. None where this cannot be done, after saying so.
    pub fn in_place_of(folder: &Path) -> Option<Self> {
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files: Vec<(PathBuf, Vec<u8>)> = files.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={SIZE}k"), "tmpfs"]).arg(folder);
        let is_mounted = mount.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|done| done.success());
        if !is_mounted {
            let told = "a disk of one's own cannot be mounted (it takes root)";
            let must = std::env::var_os("HOUSEVOICE_REQUIRE_DISK").is_some();
            assert!(!must, "{told}, and HOUSEVOICE_REQUIRE_DISK is set");
            // Not through the macro: what is told there is not shown when a test passes.
            let _ = writeln!(std::io::stderr(), "\n!!! NOT TESTED with a full disk: {told} !!!\n");
            return None;
        }
        let disk = Self { at: folder.to_owned() };
        files.iter().for_each(|(path, bytes)| std::fs::write(path, bytes).unwrap());
        Some(disk)
    }

    fn ballast(&self) -> PathBuf {
        self.at.join("ballast")
    }

    /// Not one byte more goes onto it.
    pub fn is_filled(&self) {
        let mut ballast = std::fs::File::options().append(true).create(true).open(self.ballast()).unwrap();
        while ballast.write_all(&[7; 1024]).is_ok() {}
        while ballast.write_all(&[7]).is_ok() {}
    }

    /// There is room again.
    pub fn is_cleared(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // It goes for good when the program has let go of its files.
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}
