-- Reads all that is kept of an identity's messages.
--
-- arg.identity   its id
--
-- Replies names and values of the fields (partition.lua), one after another; none when nothing is kept
--- @include partition

local _, fields = read(arg.identity)
local flat = {}
for name, value in pairs(fields or {}) do
  flat[#flat + 1] = name
  flat[#flat + 1] = value
end
return flat
