//! How files write a name and a value down. In a template `{NAME}` is the name in capitals, `{name}` in small letters, `{camel}` in
//! camel case, and `{}` the value.

/// A file's name, and its text.
pub(crate) type Syntax = (&'static str, &'static str);

/// Where a machine's key or token stands.
pub(crate) const OF_TOKENS: &[Syntax] = &[
    ("app/.env", "PORT=8080\nDEBUG=false\n{NAME}={}\n"),
    ("deploy/env.sh", "#!/bin/sh\nset -e\nexport {NAME}=\"{}\"\nexec app\n"),
    ("app/settings.py", "import os\n\nDEBUG = False\n{NAME} = \"{}\"\n"),
    ("src/client.js", "const client = new Client({\n  region: 'eu',\n  {camel}: '{}',\n});\n"),
    ("src/config.ts", "export const {camel}: string = \"{}\";\n"),
    ("src/Config.java", "public class Config {\n    private static final String {NAME} = \"{}\";\n}\n"),
    ("src/config.go", "package config\n\nconst {camel} = \"{}\"\n"),
    ("lib/client.rb", "Client.new(\n  region: 'eu',\n  {name}: '{}'\n)\n"),
    ("src/config.php", "<?php\nreturn [\n    '{name}' => '{}',\n];\n"),
    ("Config.cs", "public static class Config\n{\n    public const string {camel} = \"{}\";\n}\n"),
    ("src/main.rs", "const {NAME}: &str = \"{}\";\n\nfn main() {}\n"),
    ("Config.kt", "object Config {\n    const val {NAME} = \"{}\"\n}\n"),
    ("Config.swift", "struct Config {\n    static let {camel} = \"{}\"\n}\n"),
    ("config.c", "#include \"config.h\"\n\nconst char *{name} = \"{}\";\n"),
    ("config.json", "{\n  \"region\": \"eu\",\n  \"{camel}\": \"{}\",\n  \"retries\": 3\n}\n"),
    ("config.yaml", "service:\n  region: eu\n  {name}: {}\n  retries: 3\n"),
    ("config.toml", "[service]\nregion = \"eu\"\n{name} = \"{}\"\n"),
    ("config.ini", "[service]\nregion = eu\n{name} = {}\n"),
    ("app.properties", "service.region=eu\n{name}={}\n"),
    ("config.xml", "<config>\n  <region>eu</region>\n  <{name}>{}</{name}>\n</config>\n"),
    ("Dockerfile", "FROM alpine\nENV {NAME}={}\nCMD [\"app\"]\n"),
    ("main.tf", "provider \"service\" {\n  {name} = \"{}\"\n}\n"),
    (
        "template.yaml",
        "Resources:\n  App:\n    Properties:\n      Environment:\n        Variables:\n          {NAME}: \"{}\"\n",
    ),
    ("task.json", "{\"environment\": [{\"name\": \"{NAME}\", \"value\": \"{}\"}]}\n"),
    ("logs/app.log", "2026-03-15T08:15:00Z INFO start {name}={} region=eu\n"),
    ("README.md", "# Service\n\nSet the key first:\n\n    export {NAME}={}\n"),
    ("seed.sql", "UPDATE settings SET {name} = '{}' WHERE id = 1;\n"),
    ("dist/app.js", "!function(e){var t={region:\"eu\",{camel}:\"{}\",retries:3};e.start(t)}(window);\n"),
    ("run.sh", "app --region eu --{kebab} {} start\n"),
    ("call.sh", "curl -s -H \"Accept: application/json\" \"https://api.service.io/v1/items?{name}={}\"\n"),
];

/// Where a password stands, beside all places of tokens.
pub(crate) const OF_PASSWORDS: &[Syntax] = &[
    ("call.sh", "curl -u joe:{} https://api.service.io/v1/items\n"),
    ("backup.sh", "mysqldump -u root -p{} app > app.sql\n"),
    ("app/.env", "DATABASE_URL=postgres://app:{}@db.service.io:5432/app\n"),
    ("web.config", "<add name=\"db\" connectionString=\"Server=db;Database=app;User Id=app;Password={}\" />\n"),
    ("users.sql", "CREATE USER app IDENTIFIED BY '{}';\n"),
    ("app.sql", "INSERT INTO users (name, password) VALUES ('joe', '{}');\n"),
    ("client.py", "requests.get(url, auth=(\"joe\", \"{}\"))\n"),
    ("Db.java", "Connection c = DriverManager.getConnection(URL, \"app\", \"{}\");\n"),
    ("db.php", "<?php\ndefine('DB_PASSWORD', '{}');\n"),
    ("settings.xml", "<property name=\"password\" value=\"{}\"/>\n"),
    ("NOTES.md", "- **Password:** `{}`\n"),
    ("init.ps1", "$p = ConvertTo-SecureString \"{}\" -AsPlainText -Force\n"),
    (".netrc", "machine service.io login joe password {}\n"),
    (".pgpass", "db.service.io:5432:app:app:{}\n"),
    ("redis.conf", "port 6379\nrequirepass {}\n"),
    ("compose.yaml", "services:\n  db:\n    environment:\n      - POSTGRES_PASSWORD={}\n"),
];
