//! The language described: the template of `init`, and the JSON Schema that editors use.

use super::spec::ScenarioSpec;
use schemars::{Schema, json_schema, schema_for};

/// A commented scenario that uses or shows every key, and checks.
pub const TEMPLATE: &str = include_str!("template.toml");

/// The JSON Schema of the scenario language.
pub fn schema() -> Schema {
    let mut schema = schema_for!(ScenarioSpec);
    // `extends`, `variant` and `set` are obeyed while files are read, before there is a scenario to describe.
    let extends = json_schema!({
        "type": "string",
        "description": "A scenario file, relative to this one, of which this one writes only what differs."
    });
    let variant = json_schema!({
        "type": "string",
        "description": "A variant of what this file extends, which is taken instead of it as it stands."
    });
    let set = json_schema!({
        "type": "array",
        "items": { "type": "string" },
        "description": "Overrides such as \"hires.0.agents=12\", as --set has them, laid over everything else."
    });
    if let Some(properties) = schema.get_mut("properties").and_then(|p| p.as_object_mut()) {
        properties.insert("extends".to_string(), extends.to_value());
        properties.insert("variant".to_string(), variant.to_value());
        properties.insert("set".to_string(), set.to_value());
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::scenario::compile::Parts;
    use serde_json::Value;
    use std::collections::BTreeSet;

    #[test]
    fn the_template_checks_without_a_problem() {
        let scenario = Scenario::from_text("template.toml", TEMPLATE, &[]);
        let (compiled, problems) = scenario.compile(Parts::All);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(told.is_empty(), "{told:?}");
        assert!(compiled.is_some());
    }

    #[test]
    fn every_key_the_template_offers_is_a_key() {
        let all = TEMPLATE.replace("#- ", "");
        let scenario = Scenario::from_text("template.toml", &all, &[]);
        let told: Vec<String> = scenario
            .problems
            .iter()
            // The file it would extend is not there.
            .filter(|problem| problem.code != "file-unreadable")
            .map(ToString::to_string)
            .collect();
        assert!(told.is_empty(), "{told:?}");
    }

    #[test]
    fn every_key_of_the_language_is_in_the_template() {
        let mut keys = BTreeSet::new();
        collect(&schema().to_value(), &mut keys);
        let used = |key: &str| {
            TEMPLATE.lines().any(|line| {
                let line = line.strip_prefix("#- ").unwrap_or(line);
                let code = line.split(" #").next().unwrap_or(line);
                let word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
                code.split(|c| !word(c)).any(|found| found == key)
            })
        };
        let missing: Vec<&String> = keys.iter().filter(|key| !used(key)).collect();
        assert!(missing.is_empty(), "not in the template: {missing:?}");
    }

    fn collect(schema: &Value, keys: &mut BTreeSet<String>) {
        match schema {
            Value::Object(object) => {
                if let Some(Value::Object(properties)) = object.get("properties") {
                    keys.extend(properties.keys().cloned());
                }
                object.values().for_each(|value| collect(value, keys));
            }
            Value::Array(list) => list.iter().for_each(|value| collect(value, keys)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}
