-- Find: the live identity of an address. It only reads.
--
-- For each key of the ring, newest first:
-- each.address   digest of the address
--
-- Replies {member, record} or {}
--- @include partition
--- @include identities

for at = each.address, #ARGV, each.width do
  local digest, record = live_at(ARGV[at], each.address, each.width)
  if digest then return { digest .. salt_of(record), record } end
end
return {}
