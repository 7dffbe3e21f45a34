//! Standard input as a source: one document without a name, hence of every kind.
//!
//! It is scanned alone. `-` beside paths would need two roots for one report, so the command line refuses that.

use std::{
    io::{self, Read},
    sync::{Mutex, OnceLock, PoisonError},
};

use super::{Document, Reopen, Sink, Source, SourceError, spool::Spool};
use crate::model::{KindSet, Origin, UnreadReason};

/// Standard input, or any other input that can be read once.
pub struct Stdin {
    /// Taken when it is read.
    input: Mutex<Option<Box<dyn Read + Send>>>,
    kept: OnceLock<Spool>,
}

impl Stdin {
    /// The standard input of this process.
    pub fn new() -> Self {
        Self::from_reader(io::stdin())
    }

    /// Another input in its place.
    pub fn from_reader(input: impl Read + Send + 'static) -> Self {
        Self { input: Mutex::new(Some(Box::new(input))), kept: OnceLock::new() }
    }
}

impl Default for Stdin {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Stdin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stdin")
    }
}

impl Source for Stdin {
    fn push(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let input = self.input.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut input) = input else { return Ok(()) };
        let mut worker = sink.worker();
        let (spool, result) = Spool::fill(&mut input, &mut |content| {
            worker.document(Document { origin: Origin::Stdin, kinds: KindSet::ALL, content });
        });
        if let Err(error) = result {
            worker.unread(Origin::Stdin, UnreadReason::Io(format!("reading: {error}")));
        }
        self.kept.set(spool).expect("the input is taken by the first call alone");
        Ok(())
    }
}

impl Reopen for Stdin {
    fn reopen(&self, origin: &Origin) -> io::Result<Box<dyn Read + '_>> {
        match (origin, self.kept.get()) {
            (Origin::Stdin, Some(spool)) => Ok(spool.reopen()),
            _ => Err(io::Error::new(io::ErrorKind::NotFound, "not read from standard input")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::recorder::Recorder;

    #[test]
    fn is_one_document_that_can_be_read_again() {
        let stdin = Stdin::from_reader(&b"some text"[..]);
        assert!(stdin.reopen(&Origin::Stdin).is_err());

        let recorder = Recorder::default();
        stdin.push(&recorder).expect("a slice can be read");
        assert_eq!(recorder.documents(), ["stdin: some text"]);

        let mut again = String::new();
        stdin.reopen(&Origin::Stdin).and_then(|mut input| input.read_to_string(&mut again)).expect("it was kept");
        assert_eq!(again, "some text");
    }

    #[test]
    fn nothing_is_a_document_too() {
        let recorder = Recorder::default();
        Stdin::from_reader(io::empty()).push(&recorder).expect("nothing can be read");
        assert_eq!(recorder.documents(), ["stdin: "]);
    }
}
