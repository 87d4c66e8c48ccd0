//! Has the command rebuilt when the page it embeds has changed: the embedding
//! macro cannot say so itself.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_LAB").is_some() {
        println!("cargo::rerun-if-changed=../dist");
    }
}
