-- Find: the live identity of an address. It only reads.
--
-- ARGV the address digest for each key of the ring, newest first
-- Replies {member, record} or {}
--- @include partition
--- @include identities

for _, address in ipairs(ARGV) do
  local digest, record = live_at(prefix .. 'a:' .. address, 1, 1)
  if digest then return { digest .. salt_of(record), record } end
end
return {}
