-- Why: how the capture page looks for a client's people, and which sites may show it in a frame. Safe beside the old code: defaults, a nullable column, a new table.

alter table clients
  -- What people are told who asks; null: the client's name.
  add column display_name text check (length(display_name) between 1 and 60),
  -- What differs from our own colours: {"light": {"accent": "#1557c0"}, "dark": {}}. What may stand there is domain/brand-colours.
  add column colours jsonb not null default '{}' check (jsonb_typeof(colours) = 'object'),
  -- They become part of a header: nothing but the characters of an origin.
  add column frame_origins text[] not null default '{}'
    check (cardinality(frame_origins) <= 20 and array_to_string(frame_origins, '') ~ '^[a-z0-9:/.-]*$');

create table client_logos (
  client_id text not null references clients (id),
  theme text not null check (theme in ('light', 'dark')),
  -- Of the picture: its address, so that it can be kept for ever.
  digest text not null check (digest ~ '^[0-9a-f]{32}$'),
  picture bytea not null check (length(picture) <= 102400),
  primary key (client_id, theme)
);
create index client_logos_by_digest on client_logos (digest);

create trigger client_pages_are_logged after update of display_name, colours, frame_origins on clients
  for each row execute function log_act('id', 'id', 'display_name', 'colours', 'frame_origins');
create trigger client_logos_are_logged after insert or delete or update on client_logos
  for each row execute function log_act('client_id', 'theme', 'digest');
