"""The rule packs that come with recipflow: TOML files, each rule with the examples that are its tests."""
