//! Templates: no text upsets the compiler, no bytes upset the reader, and what a request's
//! template writes has its sequence number in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use udping_core::time::WallTime;
use udping_core::wire::template::{Role, Template, Values};

fuzz_target!(|input: (u64, u64, &str, &str, &[u8])| {
    let (seq, nanos, request, answer, bytes) = input;
    let time = WallTime::from_nanos(nanos);
    let mut buffer = [0; 1 << 12];
    let request = match Template::compile(request, Role::Request) {
        Ok(template) => template,
        Err(error) => {
            assert!(error.column <= request.chars().count() + 1, "{error}");
            return;
        }
    };
    let values = Values { seq, time };
    let len = request.written_len(values);
    assert!(len <= request.longest());
    let fits = len <= buffer.len();
    assert_eq!(request.write(values, &mut buffer).is_ok(), fits);
    if fits && let Ok(read) = request.read(&buffer[..len]) {
        assert_eq!(read.seq, request.modulus().map(|modulus| seq % modulus));
    }
    if let Ok(reading) = request.read(bytes)
        && let Ok(answer) = Template::compile(answer, Role::Answer)
        && answer.unanswerable(&request).is_none()
        && let Ok(len) = answer.answer(&request, &reading, bytes, time, &mut buffer)
    {
        assert!(len <= bytes.len() || answer.can_exceed(&request), "{len}");
    }
});
