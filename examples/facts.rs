fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[1]).unwrap();
    let sheet = surgecast::sheet::Sheet::parse(&text).unwrap();
    let zone = jiff::tz::TimeZone::get(&args[2]).unwrap();
    let mut asked = surgecast::history::Asked { columns: args[5..].to_vec(), ..Default::default() };
    asked.from = args[3].parse().ok();
    asked.until = args[4].parse().ok();
    match surgecast::history::facts(&sheet, &zone, &asked) {
        Ok((facts, _)) => println!("{}", serde_json::to_string_pretty(&facts).unwrap()),
        Err(error) => println!("ERROR {error}"),
    }
}
