//! The two ways a run ends before its work does: Ctrl-C and `--timeout`. Both only set a flag that the sources look at,
//! so that what was found by then is still reported, and the report says that it is not all.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use std::{process, thread};

use anyhow::{Context, Result};

use super::ExitStatus;

/// Why a run is to end early, if it is.
#[derive(Debug, Default)]
pub(crate) struct Interrupt {
    stop: Arc<AtomicBool>,
    by_user: Arc<AtomicBool>,
    timed_out: Arc<AtomicBool>,
    /// Dropped with the rest, which ends the thread that waits.
    timer: Option<mpsc::Sender<()>>,
}

impl Interrupt {
    /// Listens for Ctrl-C, and starts the clock if there is a limit.
    pub(crate) fn listen(timeout: Option<Duration>) -> Result<Self> {
        let mut interrupt = Self::default();
        interrupt.listen_for_user()?;
        log::debug!("Ctrl-C ends the run with what was found by then");
        if let Some(timeout) = timeout {
            interrupt.start_clock(timeout)?;
        }
        Ok(interrupt)
    }

    /// Set once the run is to end.
    pub(crate) fn flag(&self) -> &Arc<AtomicBool> {
        &self.stop
    }

    /// Whether Ctrl-C was it.
    pub(crate) fn by_user(&self) -> bool {
        self.by_user.load(Ordering::Relaxed)
    }

    /// Whether the clock was it.
    pub(crate) fn timed_out(&self) -> bool {
        self.timed_out.load(Ordering::Relaxed)
    }

    fn listen_for_user(&self) -> Result<()> {
        let (stop, by_user) = (Arc::clone(&self.stop), Arc::clone(&self.by_user));
        ctrlc::set_handler(move || {
            if by_user.swap(true, Ordering::Relaxed) {
                leave_at_once();
            }
            stop.store(true, Ordering::Relaxed);
        })
        .context("listening for Ctrl-C")
    }

    fn start_clock(&mut self, timeout: Duration) -> Result<()> {
        let (stop, timed_out) = (Arc::clone(&self.stop), Arc::clone(&self.timed_out));
        let (timer, done) = mpsc::channel::<()>();
        thread::Builder::new()
            .name("timeout".to_owned())
            .spawn(move || {
                if done.recv_timeout(timeout) == Err(mpsc::RecvTimeoutError::Timeout) {
                    timed_out.store(true, Ordering::Relaxed);
                    stop.store(true, Ordering::Relaxed);
                }
            })
            .context("starting the clock of --timeout")?;
        self.timer = Some(timer);
        Ok(())
    }
}

/// The second Ctrl-C: the first one is not being noticed, for the run waits on something (a pipe that says nothing).
#[expect(clippy::exit, clippy::disallowed_methods, reason = "nothing is half written: reports are renamed when whole")]
fn leave_at_once() -> ! {
    process::exit(i32::from(ExitStatus::Interrupted.code()))
}
