# SPDX-License-Identifier: Apache-2.0
# usage: awk -f policies.awk POLICY.yaml... >hookwright-policies.7
# The manual of the shipped policies: of each its head comment, as text, and the file itself.

function begin() {
	print ".\\\" SPDX-License-Identifier: Apache-2.0"
	print ".\\\" Made by 'make manual' from policies/*.yaml; changes belong there."
	print ".Dd November 24, 2026"
	print ".Dt HOOKWRIGHT-POLICIES 7"
	print ".Os"
	print ".Sh NAME"
	print ".Nm hookwright-policies"
	print ".Nd policies that come with hookwright"
	print ".Sh DESCRIPTION"
	print "These policies are installed in"
	print ".Pa /usr/share/hookwright/policies.d"
	print "or"
	print ".Pa /usr/local/share/hookwright/policies.d ."
	print "None changes a container by itself; ask for one with the annotation"
	print ".Pp"
	print ".Dl io.hookwright.policies=NAME"
	print ".Pp"
	print "or with"
	print ".Ql hookwright apply --request NAME ."
	print "Where a policy could not work in a container it leaves its hook out, and says why."
	print "To change one, copy it to"
	print ".Pa /etc/hookwright/policies.d"
	print "under the same name: that file is read instead."
	print ".Pp"
	print "crun before 1.17 stops a container at random if a hook ends without having read its"
	print "standard input, and none of these programs reads it."
}

function escape(text) {
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	return text ~ /^[.']/ ? "\\&" text : text
}

function literal(on) {
	if (on != inside)
		print on ? ".Bd -literal -offset indent" : ".Ed"
	inside = on
}

# In mdoc(7) a sentence begins on a new line.
function prose(text) {
	while (match(text, /[.?!] [A-Z]/)) {
		print substr(text, 1, RSTART)
		text = substr(text, RSTART + 2)
	}
	print text
}

# A line of the head comment, without its "# ".
function head(text) {
	if (text ~ /^This policy changes no container by itself/)
		part = "skipped"
	if (part == "skipped")
		return
	if (text ~ /^    /) {
		literal(1)
		print escape(substr(text, 5))
	} else if (text == "") {
		pending = 1 # before the next text only
	} else {
		literal(0)
		if (pending)
			print ".Pp"
		pending = 0
		prose(escape(text))
	}
}

BEGIN { begin() }
FNR == 1 {
	if (part == "file")
		print ".Ed"
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.yaml$/, "", name)
	print ".Ss " name
	part = "head"
	pending = 0
	inside = 0
	next
}
part != "file" && /^#/ {
	sub(/^# ?/, "")
	if (index($0, name ": ") == 1) {
		$0 = substr($0, length(name) + 3)
		$0 = toupper(substr($0, 1, 1)) substr($0, 2)
	}
	if ($0 != "" || inside == 0)
		if (!($0 == "" && part == "head" && started != name)) {
			started = name
			head($0)
		}
	next
}
part != "file" {
	literal(0)
	part = "file"
	print ".Bd -literal"
}
{ print $0 == "" ? "" : escape($0) }
END {
	print ".Ed"
	print ".Sh SEE ALSO"
	print ".Xr hookwright 1 ,"
	print ".Xr hookwright-policy 5"
}
