CREATE TABLE account (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	connector TEXT NOT NULL,
	cursor TEXT,
	last_sync INTEGER,
	seen INTEGER NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name)
);
CREATE TABLE address (
	address TEXT NOT NULL,
	contact TEXT,
	person BOOLEAN NOT NULL,
	PRIMARY KEY (address)
)
 WITHOUT ROWID;
CREATE TABLE contact (
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	first_seen INTEGER,
	last_seen INTEGER,
	PRIMARY KEY (id)
)
 WITHOUT ROWID;
CREATE TABLE decision (
	id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	verb TEXT NOT NULL,
	target TEXT NOT NULL,
	payload TEXT NOT NULL,
	undone_at INTEGER,
	PRIMARY KEY (id)
);
CREATE TABLE delivery (
	"key" TEXT NOT NULL,
	form TEXT NOT NULL,
	channel TEXT NOT NULL,
	state TEXT NOT NULL,
	contact TEXT NOT NULL,
	nudge TEXT NOT NULL,
	content TEXT NOT NULL,
	wrote TEXT NOT NULL,
	provider_id TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	attempted_at INTEGER,
	next_try INTEGER,
	leased_by TEXT NOT NULL,
	leased_until INTEGER,
	problem TEXT NOT NULL,
	staged_at INTEGER NOT NULL,
	settled_at INTEGER,
	PRIMARY KEY ("key")
)
 WITHOUT ROWID;
CREATE TABLE meta (
	"key" TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY ("key")
)
 WITHOUT ROWID;
CREATE TABLE node (
	digest INTEGER NOT NULL,
	interaction INTEGER NOT NULL,
	PRIMARY KEY (digest, interaction)
)
 WITHOUT ROWID;
CREATE TABLE nudge_life (
	"key" TEXT NOT NULL,
	kind TEXT NOT NULL,
	contact TEXT NOT NULL,
	state TEXT NOT NULL,
	shown_count INTEGER NOT NULL,
	first_shown INTEGER,
	last_shown INTEGER,
	until INTEGER,
	PRIMARY KEY ("key")
)
 WITHOUT ROWID;
CREATE TABLE party (
	id INTEGER NOT NULL,
	address TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE refold (
	address TEXT NOT NULL,
	PRIMARY KEY (address)
)
 WITHOUT ROWID;
CREATE TABLE relationship (
	contact TEXT NOT NULL,
	state TEXT NOT NULL,
	at INTEGER,
	interaction TEXT NOT NULL,
	next_due INTEGER,
	PRIMARY KEY (contact)
)
 WITHOUT ROWID;
CREATE TABLE renewal (
	contact TEXT NOT NULL,
	PRIMARY KEY (contact)
)
 WITHOUT ROWID;
CREATE TABLE reply_token (
	hash TEXT NOT NULL,
	nudge TEXT NOT NULL,
	contact TEXT NOT NULL,
	until INTEGER NOT NULL,
	used_at INTEGER,
	PRIMARY KEY (hash)
)
 WITHOUT ROWID;
CREATE TABLE tombstone (
	hash TEXT NOT NULL,
	PRIMARY KEY (hash)
)
 WITHOUT ROWID;
CREATE TABLE interaction (
	id INTEGER NOT NULL,
	account INTEGER NOT NULL,
	type TEXT NOT NULL,
	ext TEXT NOT NULL,
	digest INTEGER NOT NULL,
	at INTEGER NOT NULL,
	machine TEXT,
	language TEXT NOT NULL,
	sealed BOOLEAN NOT NULL,
	in_reply_to TEXT NOT NULL,
	refs TEXT NOT NULL,
	thread_hint TEXT NOT NULL,
	labels TEXT NOT NULL,
	attachments TEXT NOT NULL,
	headers TEXT NOT NULL,
	subject TEXT NOT NULL,
	text TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(account) REFERENCES account (id)
);
CREATE TABLE set_aside (
	account INTEGER NOT NULL,
	place TEXT NOT NULL,
	reason TEXT NOT NULL,
	first_seen INTEGER NOT NULL,
	PRIMARY KEY (account, place),
	FOREIGN KEY(account) REFERENCES account (id)
)
 WITHOUT ROWID;
CREATE TABLE trouble (
	account INTEGER NOT NULL,
	reason TEXT NOT NULL,
	command TEXT NOT NULL,
	since INTEGER NOT NULL,
	tries INTEGER NOT NULL,
	retry_at INTEGER,
	PRIMARY KEY (account),
	FOREIGN KEY(account) REFERENCES account (id)
)
 WITHOUT ROWID;
CREATE TABLE act (
	interaction INTEGER NOT NULL,
	number INTEGER NOT NULL,
	address TEXT NOT NULL,
	"by" TEXT NOT NULL,
	act TEXT NOT NULL,
	kind TEXT,
	size FLOAT,
	routine BOOLEAN NOT NULL,
	notable BOOLEAN NOT NULL,
	flags TEXT NOT NULL,
	quote TEXT NOT NULL,
	rule TEXT NOT NULL,
	position INTEGER NOT NULL,
	due TEXT,
	about TEXT,
	confidence FLOAT NOT NULL,
	notable_confidence FLOAT NOT NULL,
	large_confidence FLOAT NOT NULL,
	counts BOOLEAN NOT NULL,
	PRIMARY KEY (interaction, number),
	FOREIGN KEY(interaction) REFERENCES interaction (id) ON DELETE CASCADE
)
 WITHOUT ROWID;
CREATE TABLE heard (
	interaction INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (interaction),
	FOREIGN KEY(interaction) REFERENCES interaction (id) ON DELETE CASCADE
);
CREATE TABLE meeting (
	interaction INTEGER NOT NULL,
	uid TEXT NOT NULL,
	version TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	known INTEGER NOT NULL,
	starts INTEGER NOT NULL,
	ends INTEGER NOT NULL,
	all_day BOOLEAN NOT NULL,
	recurring BOOLEAN NOT NULL,
	cancelled BOOLEAN NOT NULL,
	private BOOLEAN NOT NULL,
	away BOOLEAN DEFAULT '0' NOT NULL,
	PRIMARY KEY (interaction),
	FOREIGN KEY(interaction) REFERENCES interaction (id) ON DELETE CASCADE
);
CREATE TABLE part (
	interaction INTEGER NOT NULL,
	position INTEGER NOT NULL,
	role TEXT NOT NULL,
	party INTEGER NOT NULL,
	partstat TEXT,
	PRIMARY KEY (interaction, position),
	FOREIGN KEY(interaction) REFERENCES interaction (id) ON DELETE CASCADE,
	FOREIGN KEY(party) REFERENCES party (id)
)
 WITHOUT ROWID;
CREATE TABLE reading (
	interaction INTEGER NOT NULL,
	question BOOLEAN NOT NULL,
	question_quote TEXT NOT NULL,
	unread BOOLEAN NOT NULL,
	away_until TEXT,
	PRIMARY KEY (interaction),
	FOREIGN KEY(interaction) REFERENCES interaction (id) ON DELETE CASCADE
);
CREATE TABLE source (
	account INTEGER NOT NULL,
	ref TEXT NOT NULL,
	interaction INTEGER NOT NULL,
	state TEXT NOT NULL,
	PRIMARY KEY (account, ref),
	FOREIGN KEY(account) REFERENCES account (id),
	FOREIGN KEY(interaction) REFERENCES interaction (id) ON DELETE CASCADE
)
 WITHOUT ROWID;
CREATE TABLE thread (
	interaction INTEGER NOT NULL,
	thread INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	at INTEGER NOT NULL,
	parent TEXT NOT NULL,
	PRIMARY KEY (interaction),
	FOREIGN KEY(interaction) REFERENCES interaction (id) ON DELETE CASCADE
);
CREATE INDEX address_contact ON address (contact);
CREATE INDEX decision_target ON decision (target);
CREATE INDEX delivery_form ON delivery (form, state);
CREATE INDEX delivery_next_try ON delivery (next_try);
CREATE INDEX nudge_life_contact ON nudge_life (contact);
CREATE UNIQUE INDEX party_address ON party (address, name);
CREATE INDEX relationship_at ON relationship (at);
CREATE INDEX relationship_next_due ON relationship (next_due);
CREATE INDEX interaction_at ON interaction (at);
CREATE UNIQUE INDEX interaction_digest ON interaction (digest);
CREATE INDEX interaction_reading ON interaction (type, machine, language, sealed);
CREATE INDEX act_address ON act (address, interaction);
CREATE INDEX part_party ON part (party, role, interaction);
CREATE INDEX source_interaction ON source (interaction);
CREATE INDEX source_state ON source (account, state);
CREATE INDEX thread_key ON thread ("key", at);
CREATE INDEX thread_thread ON thread (thread);
