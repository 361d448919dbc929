//! The `duijie` command.
fn main() {
    let a = duijie::analysis::Analyzer::new();
    for s in std::env::args().skip(1) {
        for t in a.words(&s) {
            print!("{}@{}{} ", t.text, t.position, if t.coarse { "*" } else { "" });
        }
        println!();
        for t in a.bigrams(&s) {
            print!("{} ", t.text)
        }
        println!();
    }
}
