-- Old and new releases must both be able to work with it: they run side by side during the roll-out.
create table orders (
  id integer generated always as identity primary key,
  placed_at timestamptz not null default now()
);
