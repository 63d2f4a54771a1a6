-- Find: the live identity of an address. A read: it changes nothing.
--
-- ARGV the address digest for each key of the ring, newest first
-- Replies {member, record} or {}

local addresses = column(1, 1, 1)
for _, address in ipairs(addresses) do
  local digest, record = live_at(space .. 'a:' .. address, addresses)
  if digest then return { digest .. salt_of(record), record } end
end
return {}
