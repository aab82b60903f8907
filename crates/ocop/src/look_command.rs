//! `ocop look`: answers one question about a file from outside and ends. The server asks in this way because a
//! hostile file may exhaust the stack or never come to an end; here that costs this process only.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use ocop_core::evidence::MediaType;
use ocop_documents::viewing::{Question, Unseen, answer};

/// The most memory that a look takes, in bytes: a large photo twice over, when it is turned upright.
#[cfg(unix)]
const MEMORY: u64 = 1024 * 1024 * 1024;

/// How long a look may compute, in seconds, when the server that asked is not there any more to end it.
#[cfg(unix)]
const COMPUTING: u64 = 30;

/// Answer one question about a file on the standard input.
#[derive(Debug, Args)]
pub struct Look {
    /// What the file is, such as application/pdf.
    media: MediaType,
    /// count, text:PAGE or picture:PAGE:SIZE:TURNS.
    question: Question,
}

impl Look {
    /// Writes the answer to the standard output, or ends with the code of the reason why there is none.
    pub fn run(self) -> ExitCode {
        #[cfg(unix)]
        limit();
        match self.answer() {
            Ok(answer) => match std::io::stdout().write_all(&answer) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            },
            Err(reason) => ExitCode::from(reason.exit_code()),
        }
    }

    fn answer(&self) -> Result<Vec<u8>, Unseen> {
        let mut file = Vec::new();
        std::io::stdin().read_to_end(&mut file).map_err(|_| Unseen::Unreadable)?;
        answer(self.media, &Arc::new(file), self.question)
    }
}

/// Takes from this process what a hostile file could use against others: memory, time, and the disk, where a process
/// that falls leaves what it had read.
#[cfg(unix)]
fn limit() {
    use rustix::process::{Resource, Rlimit, setrlimit};

    for (resource, most) in [(Resource::As, MEMORY), (Resource::Cpu, COMPUTING), (Resource::Core, 0)] {
        // A system that allows less than that refuses, and its own limit holds.
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    }
}
