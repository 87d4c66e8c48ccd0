//! Names to addresses, in threads of their own: the loop never waits for a server of names.
//!
//! Owns how many are asked at once, and how often again.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::net::{Family, Target, are_of_this_host, resolve};
use crate::run_end::RunEnd;
use crate::signals::Signals;

/// How many names are asked for at once.
const THREADS: usize = 8;

/// How long one look may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A name to look up, for whom.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) target: usize,
    pub(crate) host: Target,
    pub(crate) port: u16,
    /// Whether it may be this host.
    pub(crate) is_peer: bool,
    pub(crate) family: Family,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) question: Question,
    /// All addresses, the first to be taken; and whether one of them is this host's, where that
    /// is asked.
    pub(crate) found: anyhow::Result<(Vec<SocketAddr>, bool)>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<VecDeque<Question>>,
    more: Condvar,
}

/// The threads that ask.
#[derive(Debug)]
pub(crate) struct Resolver {
    queue: Arc<Queue>,
    answers: Receiver<Answer>,
}

impl Resolver {
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn start(signals: &Signals) -> std::io::Result<Self> {
        let queue = Arc::<Queue>::default();
        let (sender, answers) = channel();
        for _ in 0..THREADS {
            let (queue, sender, signals) = (Arc::clone(&queue), sender.clone(), signals.clone());
            thread::Builder::new()
                .name("resolver".to_owned())
                .stack_size(256 << 10)
                .spawn(move || answer_all(&queue, &sender, &signals))?;
        }
        Ok(Self { queue, answers })
    }

    pub(crate) fn ask(&self, question: Question) {
        let mut waiting = self
            .queue
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        waiting.push_back(question);
        self.queue.more.notify_one();
    }

    /// The next answer that is there.
    pub(crate) fn next(&self) -> Option<Answer> {
        self.answers.try_recv().ok()
    }
}

fn answer_all(queue: &Queue, answers: &Sender<Answer>, signals: &Signals) {
    loop {
        let waiting = queue.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = queue.more.wait_while(waiting, |it| it.is_empty());
        let question = waiting.unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some(question) = question else { continue };
        let end = RunEnd::new(signals, Some(PATIENCE));
        let found = resolve(&question.host, question.port, question.family, None, &end);
        let found = found.and_then(|it| {
            let mut all = vec![it.server];
            all.extend(it.others);
            let own = question.is_peer && are_of_this_host(&all)?;
            Ok((all, own))
        });
        // Nobody waits any more once the process ends.
        if answers.send(Answer { question, found }).is_err() {
            return;
        }
    }
}
