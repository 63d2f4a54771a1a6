-- Reads all that is kept of an identity's messages.
--
-- arg.state   the key of its state, partition.lua
--
-- Replies names and values of the fields (partition.lua), one after another; none when nothing is kept
--- @include partition

local _, fields = read(arg.state)
local flat = {}
for name, value in pairs(fields or {}) do
  flat[#flat + 1] = name
  flat[#flat + 1] = value
end
return flat
