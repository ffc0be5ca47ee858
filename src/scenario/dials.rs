//! Dials: the few quantities of a desk that decide whether it tips, each turned as one although the
//! scenario may write it in several places. A turn is a list of overrides, as on the command line.

use super::spec::ScenarioSpec;
use crate::model::chasers::PER_DAY;
use crate::model::surge::SurgeSpec;
use crate::written::Brief;

/// A quantity to turn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Dial {
    /// People of the team of that name.
    Staff(String),
    /// Lift of the highest surge; the others keep their proportion.
    Surge,
    /// Chasers per waiting ticket and day where most are sent; other classes keep their proportion.
    Chasers,
    /// Tickets that wait at the start; classes keep their proportion.
    Backlog,
}

impl Dial {
    /// The dial of the largest team.
    pub fn of_largest_team(spec: &ScenarioSpec) -> Option<Dial> {
        let teams = spec.teams.iter().map(|(name, _)| name.value.clone());
        let sized = teams.filter_map(|name| {
            let dial = Dial::Staff(name);
            Some((dial.now(spec)?, dial))
        });
        // The first of equals.
        let larger =
            |best: (f64, Dial), next: (f64, Dial)| if next.0 > best.0 { next } else { best };
        sized.reduce(larger).map(|(_, dial)| dial)
    }

    /// What it stands at; nothing where the scenario has no such thing, or writes it in a file.
    pub fn now(&self, spec: &ScenarioSpec) -> Option<f64> {
        let most = |values: Vec<f64>| values.into_iter().reduce(f64::max);
        match self {
            Dial::Staff(team) => {
                let (_, team) = spec.teams.iter().find(|(name, _)| name.value == *team)?;
                let groups = team.groups.iter().map(|group| group.agents.value);
                let agents = team.agents.as_ref().map(|agents| agents.value);
                Some(f64::from(agents.into_iter().chain(groups).sum::<u32>()))
            }
            Dial::Surge => most(spec.surges.iter().filter_map(SurgeSpec::height).collect()),
            Dial::Chasers => most(chasers(spec).into_iter().map(|(_, rate)| rate).collect()),
            Dial::Backlog => {
                let counts = opening(spec);
                (!counts.is_empty())
                    .then(|| counts.iter().map(|(_, count)| f64::from(*count)).sum())
            }
        }
    }

    /// The overrides that turn it to a value.
    pub fn turned(&self, spec: &ScenarioSpec, value: f64) -> Vec<String> {
        let factor = self.now(spec).map_or(0.0, |now| if now == 0.0 { 0.0 } else { value / now });
        match self {
            Dial::Staff(team) => staff(spec, team, value),
            Dial::Surge => {
                let surges = spec.surges.iter().enumerate();
                let heights = surges.filter_map(|(i, surge)| Some((i, surge.height()?)));
                let lift = |(i, height): (usize, f64)| {
                    format!("surges.{i}.lift=\"{}%\"", decimal(100.0 * height * factor))
                };
                heights.map(lift).collect()
            }
            Dial::Chasers => {
                let rate = |(name, rate): (&str, f64)| {
                    format!("tickets.{name}.chasers.per_day={}", decimal(rate * factor))
                };
                chasers(spec).into_iter().map(rate).collect()
            }
            Dial::Backlog => {
                let count = |(name, count): (&str, u32)| {
                    format!("opening.tickets.{name}={:.0}", f64::from(count) * factor)
                };
                opening(spec).into_iter().map(count).collect()
            }
        }
    }

    /// What it is called along an axis.
    pub fn title(&self, spec: &ScenarioSpec) -> String {
        match self {
            Dial::Staff(team) => format!("people in {team}"),
            Dial::Surge if spec.surges.len() > 1 => {
                let turned = spec.surges.iter().filter(|surge| surge.height().is_some());
                let name = |surge: &SurgeSpec| surge.name.as_ref().map(|name| name.value.clone());
                let names: Vec<String> = turned.filter_map(name).collect();
                format!("lift at its height: {}", names.join(", "))
            }
            Dial::Surge => "lift of the surge at its height".to_string(),
            Dial::Chasers => "chasers per waiting ticket and day".to_string(),
            Dial::Backlog => "tickets that wait at the start".to_string(),
        }
    }

    /// Its column in a table.
    pub fn key(&self) -> &'static str {
        match self {
            Dial::Staff(_) => "people",
            Dial::Surge => "lift",
            Dial::Chasers => "chasers_per_day",
            Dial::Backlog => "opening_backlog",
        }
    }
}

/// A number as TOML writes it, to six digits.
fn decimal(value: f64) -> String {
    format!("{value:.6}")
}

/// Classes whose customers chase, and how often.
fn chasers(spec: &ScenarioSpec) -> Vec<(&str, f64)> {
    let rate = |chasers: &crate::model::chasers::ChasersSpec| {
        chasers.per_day.as_ref().map_or(PER_DAY.value, |rate| rate.value.0)
    };
    let tickets = spec.tickets.iter();
    tickets.filter_map(|(name, t)| Some((name.value.as_str(), rate(t.chasers.as_ref()?)))).collect()
}

/// Classes with a number of waiting tickets.
fn opening(spec: &ScenarioSpec) -> Vec<(&str, u32)> {
    let Some(Brief::Full(table)) = spec.opening.as_ref().map(|opening| &opening.value) else {
        return Vec::new();
    };
    if table.file.is_some() {
        return Vec::new();
    }
    table.tickets.iter().map(|(name, count)| (name.value.as_str(), count.value)).collect()
}

/// A team's people, its groups in proportion: each gets its whole share, and those who are left over
/// go where most is missing.
fn staff(spec: &ScenarioSpec, name: &str, people: f64) -> Vec<String> {
    let Some((_, team)) = spec.teams.iter().find(|(team, _)| team.value == name) else {
        return Vec::new();
    };
    let mut parts: Vec<(String, f64)> = Vec::new();
    if let Some(agents) = &team.agents {
        parts.push((format!("teams.{name}.agents"), f64::from(agents.value)));
    }
    for (i, group) in team.groups.iter().enumerate() {
        parts.push((format!("teams.{name}.groups.{i}.agents"), f64::from(group.agents.value)));
    }
    let all: f64 = parts.iter().map(|(_, agents)| agents).sum();
    let (wanted, all) = (people.round().max(0.0), all.max(1.0));
    let exact = |agents: f64| wanted * agents / all;
    let mut whole: Vec<f64> = parts.iter().map(|(_, agents)| exact(*agents).floor()).collect();
    let left = wanted - whole.iter().sum::<f64>();
    for _ in 0..left as usize {
        let missing = |i: &usize| exact(parts[*i].1) - whole[*i];
        let most = (0..parts.len()).max_by(|a, b| missing(a).total_cmp(&missing(b)));
        if let Some(place) = most {
            whole[place] += 1.0;
        }
    }
    parts.iter().zip(whole).map(|((path, _), agents)| format!("{path}={agents:.0}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    const TEXT: &str = "start = 2026-11-16\n[tickets.a]\narrivals = { per_day = 90 }\n\
        chasers = { per_day = 0.2 }\n[tickets.b]\narrivals = { per_day = 9 }\nchasers = { per_day = 0.1 }\n\
        [teams.front]\ngroups = [{ name = \"early\", agents = 6 }, { name = \"late\", agents = 3 }]\n\
        [teams.back]\nagents = 2\n[[surges]]\nfrom = 2026-11-20\nlasts = \"2 d\"\nlift = \"80%\"\n\
        [[surges]]\npreset = \"ecommerce-december\"\nlift = \"40%\"\n\
        [opening]\ntickets = { a = 300, b = 100 }\n";

    #[test]
    fn every_dial_turns_all_it_stands_for() {
        let scenario = Scenario::from_text("dials.toml", TEXT, &[]);
        let spec = &scenario.spec;
        let front = Dial::of_largest_team(spec).unwrap();
        assert_eq!(front, Dial::Staff("front".to_string()));
        let stands = [front.clone(), Dial::Surge, Dial::Chasers, Dial::Backlog];
        for (dial, (now, to)) in
            stands.iter().zip([(9.0, 14.0), (0.8, 1.2), (0.2, 0.05), (400.0, 1000.0)])
        {
            assert_eq!(dial.now(spec), Some(now), "{dial:?}");
            let turned = scenario.with(&dial.turned(spec, to));
            assert_eq!(turned.problems.iter().count(), 0, "{:?}", turned.problems);
            let is = dial.now(&turned.spec).unwrap();
            assert!((is - to).abs() < 1e-9, "{dial:?} is {is}");
        }
        // 14 of 6 : 3 are 9.33 and 4.67.
        let turned = front.turned(spec, 14.0);
        assert_eq!(turned, ["teams.front.groups.0.agents=9", "teams.front.groups.1.agents=5"]);
        let lifts = Dial::Surge.turned(spec, 1.2);
        assert_eq!(lifts[1], "surges.1.lift=\"60.000000%\"");
    }
}
