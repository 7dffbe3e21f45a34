//! Standard input that Ctrl-C and `--timeout` can end. A read of a pipe that nobody writes to never returns, so a thread
//! of its own reads, and the scan waits for that thread and for the end of its time.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

/// Read at once: as much as a pipe holds, several times over.
const CHUNK: usize = 256 << 10;
/// Chunks that wait to be scanned; more would only take memory.
const WAITING: usize = 4;
/// Between two looks at the flag while nothing comes; short for a person.
const PAUSE: Duration = Duration::from_millis(20);

/// A reader that ends with an error once the run is to end, after all that was read by then.
pub(super) struct Watched {
    chunks: Receiver<io::Result<Vec<u8>>>,
    current: io::Cursor<Vec<u8>>,
    stop: Arc<AtomicBool>,
}

impl Watched {
    /// Starts to read `input`, until `stop` is set.
    pub(super) fn start(input: impl Read + Send + 'static, stop: Arc<AtomicBool>) -> Result<Self> {
        let (sender, chunks) = sync_channel(WAITING);
        let stopped = Arc::clone(&stop);
        // The thread is not joined: it may wait for input that never comes.
        thread::Builder::new()
            .name("stdin".to_owned())
            .spawn(move || pump(input, &sender, &stopped))
            .context("starting to read standard input")?;
        Ok(Self { chunks, current: io::Cursor::default(), stop })
    }

    /// The next chunk; none at the end of the input.
    fn next(&self) -> io::Result<Option<Vec<u8>>> {
        loop {
            match self.chunks.recv_timeout(PAUSE) {
                Ok(chunk) => return chunk.map(Some),
                Err(RecvTimeoutError::Timeout) if !self.stop.load(Ordering::Relaxed) => {}
                Err(RecvTimeoutError::Disconnected) if !self.stop.load(Ordering::Relaxed) => return Ok(None),
                Err(_) => return Err(io::Error::other("interrupted")),
            }
        }
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.current.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            match self.next()? {
                Some(chunk) => self.current = io::Cursor::new(chunk),
                None => return Ok(0),
            }
        }
    }
}

fn pump(mut input: impl Read, chunks: &SyncSender<io::Result<Vec<u8>>>, stopped: &AtomicBool) {
    let mut buffer = vec![0; CHUNK];
    while !stopped.load(Ordering::Relaxed) {
        let chunk = match input.read(&mut buffer) {
            Ok(0) => return,
            Ok(read) => Ok(buffer[..read].to_vec()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let failed = chunk.is_err();
        if chunks.send(chunk).is_err() || failed {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives some text and then nothing, without an end.
    struct Idle(&'static [u8]);

    impl Read for Idle {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                thread::sleep(Duration::from_secs(3600));
            }
            self.0.read(buffer)
        }
    }

    #[test]
    fn all_of_an_input_is_read() {
        let text = vec![b'x'; 3 * CHUNK + 1];
        let mut read = Vec::new();
        Watched::start(io::Cursor::new(text.clone()), Arc::default()).unwrap().read_to_end(&mut read).unwrap();
        assert_eq!(read, text);
    }

    #[test]
    fn an_idle_input_can_be_ended_and_what_came_is_kept() {
        let stop = Arc::new(AtomicBool::new(false));
        let mut watched = Watched::start(Idle(b"some text"), Arc::clone(&stop)).unwrap();
        let mut read = [0; 9];
        watched.read_exact(&mut read).unwrap();
        assert_eq!(&read, b"some text");
        stop.store(true, Ordering::Relaxed);
        assert_eq!(watched.read(&mut read).unwrap_err().to_string(), "interrupted");
    }

    #[test]
    fn an_error_of_the_input_is_passed_on() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let mut watched = Watched::start(Broken, Arc::default()).unwrap();
        assert_eq!(watched.read(&mut [0]).unwrap_err().to_string(), "broken");
    }
}
