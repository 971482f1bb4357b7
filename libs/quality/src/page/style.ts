/** The look of the page: one sheet, no file from elsewhere, light and dark. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#f7f7f5;--card:#fff;--ink:#1d2430;--soft:#5d6675;--line:#dfe2e6;--good:#2f7d5b;--bad:#c8442f;--odd:#8a7431;--track:#e9ebee}
@media(prefers-color-scheme:dark){:root{--ground:#14171c;--card:#1c2027;--ink:#e7eaee;--soft:#9aa4b2;--line:#2d333c;--good:#58b88c;--bad:#ee7964;--odd:#d3b45c;--track:#2a2f38}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main{max-width:1220px;margin:0 auto;padding:28px 20px 60px}
header{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:flex-end;gap:14px 32px;margin-bottom:22px}
h1{font-size:26px;margin:0 0 2px;letter-spacing:-.01em}
h2{font-size:16px;margin:34px 0 10px}
p{margin:0;color:var(--soft)}
a{color:inherit}
nav a{text-decoration:none;border:1px solid var(--line);border-radius:6px;padding:3px 9px;margin-left:6px;color:var(--soft)}
nav a[aria-current]{background:var(--ink);color:var(--ground);border-color:var(--ink)}
form{display:flex;flex-wrap:wrap;gap:10px;align-items:end}
label{display:grid;gap:2px;font-size:12px;color:var(--soft)}
input,select,button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:5px 9px}
button{cursor:pointer}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px}
.tile b{display:block;font-size:26px;line-height:1.25;font-variant-numeric:tabular-nums}
.tile span{color:var(--soft);font-size:13px}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
th,td{padding:7px 8px;text-align:right;border-bottom:1px solid var(--line)}
td{white-space:nowrap}
tr:last-child td{border-bottom:0}
th{font-weight:500;font-size:12px;color:var(--soft);vertical-align:bottom;min-width:56px}
th:first-child,td:first-child{text-align:left}
.zero{color:var(--soft);opacity:.55}
.meter{display:inline-block;width:64px;height:6px;border-radius:3px;background:var(--track);margin-right:8px;vertical-align:middle;overflow:hidden}
.meter i{display:block;height:100%;background:var(--good)}
.meter.low i{background:var(--bad)}
svg{display:block;width:100%;min-width:620px;height:auto}
svg text{font:11px system-ui,sans-serif;fill:var(--soft)}
svg line{stroke:var(--line)}
svg .valid{fill:var(--good)}
svg .faulty{fill:var(--bad)}
.legend{display:flex;gap:18px;font-size:13px;color:var(--soft);margin-bottom:6px}
.legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px;background:var(--good)}
.legend .bad{background:var(--bad)}
ul{list-style:none;margin:0;padding:0}
li{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:baseline;padding:7px 0;border-bottom:1px solid var(--line)}
li:last-child{border-bottom:0}
.state{font-size:12px;font-weight:600;border-radius:5px;padding:1px 8px;color:var(--card);background:var(--good)}
.state.firing{background:var(--bad)}
.state.unknown{background:var(--odd)}
footer{margin-top:26px;font-size:13px;color:var(--soft)}
`;
