//! The report: one page with everything in it, made from the results alone.

use crate::support::binary::surgecast_in;
use crate::support::desk::folder_with;

#[test]
fn a_report_is_one_page_that_can_be_made_again_from_the_results() {
    let text = "name = \"Mails & <calls>\"\nstart = 2026-11-16\nweeks = 3\n[tickets.mails]\n\
                arrivals = { per_day = 60 }\nhandle = \"12 min\"\n[teams.front]\nagents = 3\n\
                [teams.back]\nagents = 1\n[[escalations]]\nfrom = \"front\"\nto = \"back\"\n\
                after_touch = \"10%\"\n[[surges]]\nname = \"Sale\"\nfrom = 2026-11-18\n\
                lasts = \"3 d\"\nlift = \"80%\"\n";
    let folder = folder_with(text);
    let run = ["run", "desk.toml", "--replications", "6", "--charts", "svg", "--out", "run"];
    assert_eq!(surgecast_in(folder.path(), &run).code, Some(0));
    let of = |out: &str, name: &str| std::fs::read(folder.path().join(out).join(name)).unwrap();
    let page = String::from_utf8(of("run", "report.html")).unwrap();
    for part in
        ["<h1>Mails &amp; &lt;calls&gt;</h1>", "The backlog peaks at ", "By team", "Sale: 18"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(page.matches("<svg ").count(), 5, "the charts are in it");
    // Nothing is fetched, and nothing runs.
    for outside in ["<script", "<link", "src=", "href=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let again =
        surgecast_in(folder.path(), &["report", "run", "--out", "again", "--charts", "svg"]);
    assert_eq!((again.code, again.err.as_str()), (Some(0), ""));
    assert!(again.out.ends_with("\nReport: again/report.html\n"), "{}", again.out);
    let tables = ["timeline.csv", "flows.csv", "measures.csv", "charts/backlog.svg"];
    for name in tables.into_iter().chain(["report.html"]) {
        assert!(of("run", name) == of("again", name), "{name}");
    }
    let wrong = surgecast_in(folder.path(), &["report", "desk.toml"]);
    assert!(
        wrong.code == Some(2) && wrong.err.contains("is not what `run` writes"),
        "{}",
        wrong.err
    );
    assert_eq!(surgecast_in(folder.path(), &["report", "nowhere"]).code, Some(3));
}
