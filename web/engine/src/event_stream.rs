//! Server-sent events (HTML standard §9.2.6) of a run that is still measured, from bytes in
//! chunks of any size.
//!
//! Owns what `udping` sends of a run, and the place from which it can be resumed. Knows nothing
//! of connections.

/// Reads a stream. Make a new one for each connection.
#[derive(Debug, Clone, Default)]
pub struct EventStream {
    /// The beginning of a line whose end has not come.
    partial: Vec<u8>,
    name: String,
    data: Vec<u8>,
    place: Option<String>,
}

/// What the command says of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveEvent {
    /// Whole lines of its journal, and the place after them (`Last-Event-ID`).
    Lines(Vec<u8>, Option<String>),
    /// What was read is no more; another run begins.
    Restart,
    /// That was all there is yet.
    Newest,
    /// That was all there will be.
    End,
    /// It cannot be read any more: a sentence from the command.
    Failed(String),
}

impl EventStream {
    /// Takes the next bytes, and gives the events that end in them.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<LiveEvent> {
        let mut events = Vec::new();
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            if self.partial.is_empty() {
                events.extend(self.line(line));
            } else {
                self.partial.extend_from_slice(line);
                let line = core::mem::take(&mut self.partial);
                events.extend(self.line(&line));
            }
        }
        self.partial.extend_from_slice(rest);
        events
    }

    fn line(&mut self, line: &[u8]) -> Option<LiveEvent> {
        if line.is_empty() {
            return self.dispatch();
        }
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        // A comment, or a field that is not known, says nothing.
        if let Some(value) = line.strip_prefix(b"data: ") {
            self.data.extend_from_slice(value);
            self.data.push(b'\n');
        } else if let Some(value) = line.strip_prefix(b"event: ") {
            self.name = text(value);
        } else if let Some(value) = line.strip_prefix(b"id: ") {
            self.place = Some(text(value));
        }
        None
    }

    fn dispatch(&mut self) -> Option<LiveEvent> {
        let data = core::mem::take(&mut self.data);
        let name = core::mem::take(&mut self.name);
        match name.as_str() {
            "" if data.is_empty() => None,
            "" => Some(LiveEvent::Lines(data, self.place.clone())),
            "restart" => Some(LiveEvent::Restart),
            "newest" => Some(LiveEvent::Newest),
            "end" => Some(LiveEvent::End),
            "failed" => {
                let why = String::from_utf8_lossy(&data);
                Some(LiveEvent::Failed(why.trim_end().to_owned()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STREAM: &str = "id: a1-7\ndata: one\ndata: two\n\n:\n\nevent: newest\ndata: \n\n\
        event: other\ndata: x\n\nevent: restart\ndata: \n\nid: b2-4\ndata: new\n\n\
        event: failed\ndata: no disk\n\nevent: end\ndata: \n\nid: b2-9\ndata: half";

    fn lines(text: &str, place: &str) -> LiveEvent {
        LiveEvent::Lines(text.as_bytes().to_vec(), Some(place.to_owned()))
    }

    proptest! {
        #[test]
        fn events_are_the_same_however_they_are_cut(cuts in prop::collection::vec(0..STREAM.len(), 0..9)) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            let mut stream = EventStream::default();
            let mut events = Vec::new();
            let mut from = 0;
            for cut in cuts.into_iter().chain([STREAM.len()]) {
                events.extend(stream.feed(&STREAM.as_bytes()[from..cut]));
                from = cut;
            }
            prop_assert_eq!(events, [
                lines("one\ntwo\n", "a1-7"),
                LiveEvent::Newest,
                LiveEvent::Restart,
                lines("new\n", "b2-4"),
                LiveEvent::Failed("no disk".to_owned()),
                LiveEvent::End,
            ]);
        }

        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>) {
            EventStream::default().feed(&bytes);
        }
    }
}
