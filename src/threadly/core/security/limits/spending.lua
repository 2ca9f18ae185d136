-- All limits of a request at once, all or nothing, by GCRA; the time is this server's.
--
-- KEYS: the mark of this memory, then one key for each limit.
-- ARGV: the mark that the caller knows ("" for none), a new mark, then for each limit
--       interval and tolerance in microseconds, the least that is needed, the most that is wanted, and by what the rest
--       is divided of which a wish beyond the least is served.
-- Gives the mark, 1 or 0, and for each limit what was granted, and in how many microseconds the burst is whole again;
-- or "lost" alone, where this memory is not the one that the caller knows: then nothing was decided.
local mark = redis.call('GET', KEYS[1])
if not mark and ARGV[1] == '' then
  mark = ARGV[2]
  redis.call('SET', KEYS[1], mark)
end
if not mark or (ARGV[1] ~= '' and ARGV[1] ~= mark) then
  return {'lost'}
end

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local full, granted, allowed = {}, {}, 1
for i = 2, #KEYS do
  local at = (i - 2) * 5 + 2
  local interval, tolerance = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local least, most = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  full[i] = math.max(tonumber(redis.call('GET', KEYS[i]) or 0), now)
  local left = math.floor((tolerance - (full[i] - now)) / interval)
  granted[i] = math.max(least, math.min(most, math.floor(left / tonumber(ARGV[at + 5]))))
  if left < granted[i] then
    allowed = 0
  end
end

local reply = {mark, allowed}
for i = 2, #KEYS do
  if allowed == 1 then
    full[i] = full[i] + granted[i] * tonumber(ARGV[(i - 2) * 5 + 3])
    -- %.0f: as text, a number of Lua's has 14 digits, and microseconds have 16.
    redis.call('SET', KEYS[i], string.format('%.0f', full[i]), 'PX', math.ceil((full[i] - now) / 1000))
  end
  reply[#reply + 1] = allowed == 1 and granted[i] or 0
  reply[#reply + 1] = full[i] - now
end
return reply
