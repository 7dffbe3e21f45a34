//! A report whose lines are handed in one by one, as files: `a.json` becomes `a-0001.json`, `a-0002.json` and so on, as many
//! as there are lines. What an earlier run left behind after them is removed, or it would be handed in again.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Writes the lines of `content` to files, each replaced as a whole.
pub(super) fn replace(directory: &Path, path: &Path, content: &[u8], private: bool) -> io::Result<()> {
    let mut number = 1;
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        super::replace(directory, &numbered(path, number), line, private)?;
        number += 1;
    }
    // Files of this name that follow without a gap; what is beyond one is not ours.
    while fs::symlink_metadata(numbered(path, number)).is_ok_and(|metadata| metadata.is_file()) {
        fs::remove_file(numbered(path, number))?;
        number += 1;
    }
    Ok(())
}

/// `asff.json` as `asff-0001.json`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    let mut name = path.file_stem().map(OsString::from).unwrap_or_default();
    name.push(format!("-{number:04}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_goes_before_the_ending() {
        assert_eq!(numbered(Path::new("out/a.b.json"), 7), Path::new("out/a.b-0007.json"));
        assert_eq!(numbered(Path::new("asff"), 12345), Path::new("asff-12345"));
    }

    #[test]
    fn parts_of_an_earlier_run_are_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.json");
        let write = |content: &[u8]| replace(directory.path(), &path, content, false).unwrap();
        let names = || {
            let entries = fs::read_dir(directory.path()).unwrap();
            let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        };
        write(b"1\n2\n3\n");
        fs::write(directory.path().join("a-0009.json"), "mine").unwrap();
        assert_eq!(names(), ["a-0001.json", "a-0002.json", "a-0003.json", "a-0009.json"]);
        write(b"4\n");
        assert_eq!(names(), ["a-0001.json", "a-0009.json"]);
        assert_eq!(fs::read(directory.path().join("a-0001.json")).unwrap(), b"4\n");
        write(b"");
        assert_eq!(names(), ["a-0009.json"]);
    }
}
