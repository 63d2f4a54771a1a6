-- Finds the name of a message by the digest that the Message-ID of its mail shows.
--
-- arg.state    the key of the state that an identity's first message with this digest has, partition.lua
-- arg.digest   the digest
--
-- Replies the name; that of an identity's first message is the identity's id (identity-bytes.ts). false: none
-- was sent
--- @include partition

local _, fields = read(arg.state)
return fields and fields.i or redis.call('GET', prefix .. 'id:' .. arg.digest)
