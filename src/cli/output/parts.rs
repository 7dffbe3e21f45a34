//! A report whose lines are handed in one by one, as files. As many as there are lines: `a.json` becomes `a-0001.json`,
//! `a-0002.json` and so on. Or one, and more if there have to be: `a.sarif`, `a.2.sarif` and so on. What an earlier run left behind
//! after them is removed, or it would be handed in again.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use keysieve::report::Format;

/// Which files a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parts {
    /// The one that is named, whatever its lines are.
    One,
    /// One for each line, with a number; none without a line.
    Numbered,
    /// The one that is named with the first line, and one with a number for each further line.
    Further,
}

impl Parts {
    /// Those of a format.
    pub(super) fn of(format: Format, for_github: bool) -> Self {
        match format {
            Format::Sarif if for_github => Self::Further,
            _ if format.is_in_parts() => Self::Numbered,
            _ => Self::One,
        }
    }

    /// Writes a report to its files, each replaced as a whole. Tells if there are more than are expected.
    pub(super) fn replace(
        self,
        directory: &Path,
        path: &Path,
        content: &[u8],
        private: bool,
    ) -> io::Result<Option<String>> {
        if self == Self::One {
            return super::replace(directory, path, content, private).map(|()| None);
        }
        let mut number = 1;
        for line in content.split_inclusive(|byte| *byte == b'\n') {
            super::replace(directory, &self.name(path, number), line, private)?;
            number += 1;
        }
        // Files of this name that follow without a gap; what is beyond one is not ours.
        let written = number - 1;
        while self.is_ours(&self.name(path, number), content)? {
            fs::remove_file(self.name(path, number))?;
            number += 1;
        }
        Ok((self == Self::Further && written > 1).then(|| self.went_on(path, written)))
    }

    /// Tells if what is in one place, and cannot be divided there, has to be.
    pub(super) fn in_one_place(self, place: &str, lines: usize) -> Option<String> {
        (self == Self::Further && lines > 1)
            .then(|| format!("{TOO_LONG}: {place} has {lines} logs, one a line, and each is to be uploaded by itself"))
    }

    fn went_on(self, path: &Path, files: usize) -> String {
        let named: Vec<String> = (2..=files).map(|number| self.name(path, number).display().to_string()).collect();
        format!("{TOO_LONG}: it goes on in {}; upload each by itself", named.join(", "))
    }

    /// `asff.json` as `asff-0001.json`, or `keysieve.sarif` as `keysieve.2.sarif`.
    fn name(self, path: &Path, number: usize) -> PathBuf {
        let number = match self {
            Self::Numbered => format!("-{number:04}"),
            Self::One | Self::Further if number == 1 => return path.to_owned(),
            Self::One | Self::Further => format!(".{number}"),
        };
        let mut name = path.file_stem().map(OsString::from).unwrap_or_default();
        name.push(number);
        if let Some(extension) = path.extension() {
            name.push(".");
            name.push(extension);
        }
        path.with_file_name(name)
    }

    /// Whether there is a file that an earlier report has to have left. One that only might be called so begins as `content` does.
    fn is_ours(self, path: &Path, content: &[u8]) -> io::Result<bool> {
        const BEGINNING: usize = 64;
        if !fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file()) {
            return Ok(false);
        }
        let beginning = &content[..content.len().min(BEGINNING)];
        let mut there = vec![0; beginning.len()];
        Ok(self == Self::Numbered || File::open(path)?.read_exact(&mut there).is_ok() && there == beginning)
    }
}

const TOO_LONG: &str = "the report is more than GitHub takes at once";

/// Ends of lines.
pub(super) fn lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_number_goes_before_the_ending() {
        let (numbered, further) = (Parts::Numbered, Parts::Further);
        assert_eq!(numbered.name(Path::new("out/a.b.json"), 7), Path::new("out/a.b-0007.json"));
        assert_eq!(numbered.name(Path::new("asff"), 12345), Path::new("asff-12345"));
        assert_eq!(further.name(Path::new("out/a.sarif"), 1), Path::new("out/a.sarif"));
        assert_eq!(further.name(Path::new("out/a.sarif"), 2), Path::new("out/a.2.sarif"));
        assert_eq!(further.name(Path::new("log"), 12), Path::new("log.12"));
    }

    #[test]
    fn parts_of_an_earlier_run_are_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.json");
        let write = |content: &[u8]| {
            Parts::Numbered.replace(directory.path(), &path, content, false).unwrap().unwrap_or_default()
        };
        assert_eq!(write(b"1\n2\n3\n"), "");
        fs::write(directory.path().join("a-0009.json"), "mine").unwrap();
        assert_eq!(names(directory.path()), ["a-0001.json", "a-0002.json", "a-0003.json", "a-0009.json"]);
        write(b"4\n");
        assert_eq!(names(directory.path()), ["a-0001.json", "a-0009.json"]);
        assert_eq!(fs::read(directory.path().join("a-0001.json")).unwrap(), b"4\n");
        write(b"");
        assert_eq!(names(directory.path()), ["a-0009.json"]);
    }

    #[test]
    fn a_report_goes_on_in_further_files() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.sarif");
        let write = |content: &[u8]| Parts::Further.replace(directory.path(), &path, content, false).unwrap();
        fs::write(directory.path().join("a.4.sarif"), "mine").unwrap();
        let told = write(b"{1}\n{2}\n{3}\n").expect("it is told");
        assert!(told.contains("a.2.sarif, ") && told.contains("a.3.sarif; upload each"), "{told}");
        assert_eq!(names(directory.path()), ["a.2.sarif", "a.3.sarif", "a.4.sarif", "a.sarif"]);
        assert_eq!(fs::read(directory.path().join("a.2.sarif")).unwrap(), b"{2}\n");
        // Two are left of it, of which only one looks like ours.
        fs::write(directory.path().join("a.2.sarif"), "{1}\nolder").unwrap();
        assert_eq!(write(b"{1}\n"), None);
        assert_eq!(names(directory.path()), ["a.3.sarif", "a.4.sarif", "a.sarif"]);
    }

    #[test]
    fn what_cannot_be_divided_is_told() {
        let told = Parts::Further.in_one_place("standard output", 2).expect("it is told");
        assert!(told.contains("standard output has 2 logs, one a line"), "{told}");
        assert_eq!(Parts::Further.in_one_place("standard output", 1), None);
        assert_eq!(Parts::Numbered.in_one_place("standard output", 2), None);
    }
}
