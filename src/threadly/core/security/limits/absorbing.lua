-- What a worker knows that this memory does not: what it has heard of it before, and what it let in by itself meanwhile.
--
-- KEYS: the mark of this memory, then keys of limits.
-- ARGV: a new mark, where there is none; then for each key, in microseconds, what it has heard to be the time until the
--       burst is whole again, what it has let in since, and the tolerance: more than everything cannot be spent.
-- Gives the mark, and for each key in how many microseconds the burst is whole again.
local mark = redis.call('GET', KEYS[1])
if not mark then
  mark = ARGV[1]
  redis.call('SET', KEYS[1], mark)
end

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local reply = {mark}
for i = 2, #KEYS do
  local at = (i - 2) * 3 + 1
  local heard = now + tonumber(ARGV[at + 1])
  local kept = tonumber(redis.call('GET', KEYS[i]) or 0)
  local full = math.max(kept, heard, now) + tonumber(ARGV[at + 2])
  full = math.min(full, math.max(kept, now + tonumber(ARGV[at + 3])))
  redis.call('SET', KEYS[i], string.format('%.0f', full), 'PX', math.max(1, math.ceil((full - now) / 1000)))
  reply[#reply + 1] = full - now
end
return reply
