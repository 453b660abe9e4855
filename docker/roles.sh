#!/bin/sh
# Runs once, when the database is first made (/docker-entrypoint-initdb.d): the two roles that Puente works with.
# Neither is a superuser, because row-level security would not bind one; the image's superuser is used here and never again.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set=database="$POSTGRES_DB" --set=owner_password="$OWNER_PASSWORD" --set=app_password="$APP_PASSWORD" <<'SQL'
create role puente_owner login nosuperuser nocreatedb nocreaterole nobypassrls noreplication password :'owner_password';
create role puente_app login nosuperuser nocreatedb nocreaterole nobypassrls noreplication password :'app_password';
alter database :"database" owner to puente_owner;
revoke all on database :"database" from public;
grant connect, temporary on database :"database" to puente_app;
SQL
