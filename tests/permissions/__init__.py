"""Who may do what at which address: the table that `test_permission_matrix.py` walks.

HOW TO ADD YOUR ENDPOINTS. Put a module beside this one, named after your app, with a list
`ENDPOINTS`; it is found by itself. Every URL name of the resolver needs exactly one row:

    Page("talents:round", readers=FILING, target=a_round)             one object, GET only
    Page("talents:rounds", readers=FILING, fill=some_rounds)          a list: rows are counted, scoped
    Page("talents:help", readers=EVERYBODY, not_a_list="plain words") neither
    Form("talents:round-edit", readers=FILING, actors=STAFF, target=a_round)   GET and POST
    Action("talents:round-open", readers=FILING, actors=STAFF, target=a_round) POST only
    ApiResource("job", readers=…, target=…, fill=…, actions={"retry": STAFF})  list, detail, actions
    AdminModel("workflow.job", view=…, add=…, change=…, delete=…, target=…, fill=…)  all its views
    Open("policies:list")                                             everybody, logged in or not
    Own("portal:notices", …)                                        everybody logged in, own rows only

`readers` see the page (200); of the objects only those in their subtree, the rest is 404, byte for
byte like an object that does not exist. Everybody else gets `closed` (403), whatever the object.
`actors` may POST; a reader who is no actor gets `refused` (403 from a door, 409 from a service).

`target(scene)` makes one object that belongs to `scene.organization` and returns the URL's kwargs.
`fill(scene, count)` makes `count` rows there and returns them; a row is looked for in the page by
`str(row)`, or by `name_of(row)` if you give one. Rows must be tellable apart.
`visible_to_all=True` says that rows are no secret between organizations (policies, the calendar).
"""
