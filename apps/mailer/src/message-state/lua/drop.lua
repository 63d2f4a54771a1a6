-- Marks an identity as dropped: none of its messages is sent any more.
--
-- arg.state      the key of its state, partition.lua
-- arg.keptMs     how long to keep the mark when there is no message yet; a send call may still come
--
-- Replies the id of its newest message, '' if that is the identity's, when it was waiting to be sent; else
-- false
--- @include clock
--- @include partition

local key, known = read(arg.state)
local fields = known or {}
fields.x = '1'
local newest = fields.n or ''
local waits = fields['d:' .. newest]
-- The request is deleted at once, because it will not be mailed.
if waits then fields['r:' .. newest] = nil end
write(key, fields, not known and string.format('%.0f', clock() + tonumber(arg.keptMs)))
if not waits then return false end
return newest
