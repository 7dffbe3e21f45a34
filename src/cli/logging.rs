//! The library's log on standard error: warnings always, decisions with `--verbose`. It holds no data of what is
//! scanned by the library's own rule, and what it shows is masked and escaped all the same.

use log::{LevelFilter, Log, Metadata, Record};

use super::console::Console;
use super::values::When;

/// Starts logging. Only this crate is heard; dependencies log what they read.
pub(crate) fn install(verbose: bool) {
    // There is one logger until the program ends.
    let logger = Box::leak(Box::new(Logger { console: Console::new(When::Never) }));
    if log::set_logger(logger).is_ok() {
        log::set_max_level(if verbose { LevelFilter::Debug } else { LevelFilter::Warn });
    }
}

struct Logger {
    console: Console,
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().split("::").next() == Some(env!("CARGO_CRATE_NAME"))
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = match record.level() {
                log::Level::Error => "error",
                log::Level::Warn => "warning",
                log::Level::Info => "note",
                log::Level::Debug | log::Level::Trace => "debug",
            };
            self.console.line(level, &record.args().to_string());
        }
    }

    fn flush(&self) {}
}
