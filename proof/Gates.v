(* Gates named by their own definition: a gate is the tree of what it reads, so that equal gates
   are one gate, as in a structurally hashed circuit. A list of such gates in topological order
   is numbered into a flat circuit of the same size, levels and values. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Lists.
Import ListNotations.

(* ---- trees ---- *)

(* An input bit, or a gate with all that it reads; true at a literal complements it. *)
Inductive tree :=
| TIn (i : nat)
| TAnd (ls : list (bool * tree))
| TOr (ls : list (bool * tree))
| TThr (ws : list (Z * (bool * tree))) (t : Z).

(* A literal: a tree or its complement. *)
Definition lit := (bool * tree)%type.

(* Induction over trees, with the hypothesis for every argument of a gate. *)
Section Ind.
  Variable P : tree -> Prop.
  Hypothesis HIn : forall i, P (TIn i).
  Hypothesis HAnd : forall ls, Forall (fun l => P (snd l)) ls -> P (TAnd ls).
  Hypothesis HOr : forall ls, Forall (fun l => P (snd l)) ls -> P (TOr ls).
  Hypothesis HThr : forall ws t, Forall (fun w => P (snd (snd w))) ws -> P (TThr ws t).
  Fixpoint tree_ind' (t : tree) : P t :=
    match t with
    | TIn i => HIn i
    | TAnd ls => HAnd ls ((fix go ls : Forall (fun l => P (snd l)) ls :=
        match ls with
        | [] => Forall_nil _
        | l :: r => Forall_cons l (tree_ind' (snd l)) (go r)
        end) ls)
    | TOr ls => HOr ls ((fix go ls : Forall (fun l => P (snd l)) ls :=
        match ls with
        | [] => Forall_nil _
        | l :: r => Forall_cons l (tree_ind' (snd l)) (go r)
        end) ls)
    | TThr ws t => HThr ws t ((fix go ws : Forall (fun w => P (snd (snd w))) ws :=
        match ws with
        | [] => Forall_nil _
        | w :: r => Forall_cons w (tree_ind' (snd (snd w))) (go r)
        end) ws)
    end.
End Ind.

(* The value of a tree, for input bits x. *)
Fixpoint teval (x : nat -> bool) (t : tree) : bool :=
  match t with
  | TIn i => x i
  | TAnd ls => forallb (fun l => xorb (fst l) (teval x (snd l))) ls
  | TOr ls => existsb (fun l => xorb (fst l) (teval x (snd l))) ls
  | TThr ws t => (t <=? wsum (fun l => xorb (fst l) (teval x (snd l))) ws)%Z
  end.

(* The value of a literal. *)
Definition leval x (l : lit) : bool := xorb (fst l) (teval x (snd l)).

(* The level of a tree: 0 for inputs, one above the highest argument for gates. *)
Fixpoint tlev (t : tree) : nat :=
  match t with
  | TIn _ => 0
  | TAnd ls | TOr ls => S (list_max (map (fun l => tlev (snd l)) ls))
  | TThr ws _ => S (list_max (map (fun w => tlev (snd (snd w))) ws))
  end.

(* The trees that a gate reads. *)
Definition kids (t : tree) : list tree :=
  match t with
  | TIn _ => []
  | TAnd ls | TOr ls => map snd ls
  | TThr ws _ => map (fun w => snd (snd w)) ws
  end.

(* ---- equality ---- *)

(* Equality of lists, from that of their elements. *)
Section Eqb.
  Context {A : Type} (eq : A -> A -> bool).
  Fixpoint leqb (a b : list A) : bool :=
    match a, b with
    | [], [] => true
    | x :: a, y :: b => eq x y && leqb a b
    | _, _ => false
    end.
End Eqb.

(* Equality of trees. *)
Fixpoint teqb (a b : tree) {struct a} : bool :=
  match a, b with
  | TIn i, TIn j => Nat.eqb i j
  | TAnd l, TAnd m =>
    leqb (fun x y => Bool.eqb (fst x) (fst y) && teqb (snd x) (snd y)) l m
  | TOr l, TOr m =>
    leqb (fun x y => Bool.eqb (fst x) (fst y) && teqb (snd x) (snd y)) l m
  | TThr l t, TThr m u =>
    Z.eqb t u && leqb (fun x y => Z.eqb (fst x) (fst y) &&
      (Bool.eqb (fst (snd x)) (fst (snd y)) && teqb (snd (snd x)) (snd (snd y)))) l m
  | _, _ => false
  end.

(* The test decides equality of lists, if that of the elements does. *)
Lemma leqb_eq {A} (eq : A -> A -> bool) a :
  Forall (fun x => forall y, eq x y = true <-> x = y) a -> forall b, leqb eq a b = true <-> a = b.
Proof.
  induction 1; destruct b; simpl; try (split; congruence).
  rewrite andb_true_iff, H, IHForall.
  split; [intros [-> ->]; auto | intro E; injection E; auto].
Qed.

(* The test decides equality of trees. *)
Lemma teqb_eq a : forall b, teqb a b = true <-> a = b.
Proof.
  induction a using tree_ind'; destruct b; simpl; try (split; congruence).
  - rewrite Nat.eqb_eq. split; congruence.
  - rewrite leqb_eq; [split; congruence |].
    eapply Forall_impl; [| exact H]. intros [c t] Q [d u]; simpl in *.
    rewrite andb_true_iff, eqb_true_iff, Q.
    split; [intros [-> ->]; auto | intro E; injection E; auto].
  - rewrite leqb_eq; [split; congruence |].
    eapply Forall_impl; [| exact H]. intros [c t] Q [d u]; simpl in *.
    rewrite andb_true_iff, eqb_true_iff, Q.
    split; [intros [-> ->]; auto | intro E; injection E; auto].
  - rewrite andb_true_iff, Z.eqb_eq, leqb_eq; [split;
      [intros [-> ->]; auto | intro E; injection E; auto] |].
    eapply Forall_impl; [| exact H].
    intros [w [c t']] Q [w2 [d u]]; simpl in *.
    rewrite !andb_true_iff, Z.eqb_eq, eqb_true_iff, Q.
    split; [intros [-> [-> ->]]; auto | intro E; injection E; auto].
Qed.

(* ---- topological order ---- *)

(* A wire may be read if it is an input bit in range or a gate of the list G. *)
Definition good (ni : nat) (G : list tree) (t : tree) : Prop :=
  match t with TIn i => i < ni | _ => In t G end.

(* A tree that is not an input bit. *)
Definition isgate (t : tree) : Prop := match t with TIn _ => False | _ => True end.

(* A gate may come after the list G if all that it reads is good there. *)
Definition fits ni G g : Prop := isgate g /\ forall c, In c (kids g) -> good ni G c.

(* A list is in topological order if each gate fits after those before it. *)
Definition topo (ni : nat) (G : list tree) : Prop :=
  forall pre g post, G = pre ++ g :: post -> fits ni pre g.

(* What is good stays so in a longer list. *)
Lemma good_mono ni G H t : good ni G t -> (forall g, In g G -> In g H) -> good ni H t.
Proof. destruct t; simpl; auto. Qed.

(* The empty list is in order. *)
Lemma topo_nil ni : topo ni [].
Proof. intros [| ? ?] g post E; discriminate E. Qed.

(* Gates that fit after a list in order may all be appended to it. *)
Lemma topo_app ni G gs : topo ni G -> (forall g, In g gs -> fits ni G g) -> topo ni (G ++ gs).
Proof.
  intros T F pre g post E. apply app_eq_app in E.
  destruct E as [l [[E1 E2] | [E1 E2]]].
  - destruct l as [| a l].
    + rewrite app_nil_r in E1. subst pre. apply F.
      simpl in E2. subst gs. now left.
    + simpl in E2. injection E2 as -> E2. eapply T.
      exact E1.
  - destruct (F g) as [I K]; [rewrite E2; apply in_or_app; right; now left |].
    split; auto. intros c C. apply good_mono with (1 := K c C).
    subst pre. intros; apply in_or_app; auto.
Qed.

(* ---- numbering ---- *)

(* The number of a gate in a list, by its tree. *)
Fixpoint index (g : tree) (G : list tree) : nat :=
  match G with [] => 0 | h :: r => if teqb g h then 0 else S (index g r) end.

(* A tree as a wire of the flat circuit. *)
Definition tref (G : list tree) (t : tree) : ref :=
  match t with TIn i => RIn i | _ => RGate (index t G) end.

(* A literal of the flat circuit. *)
Definition lref G (l : lit) : flit := (fst l, tref G (snd l)).

(* A weighted literal of the flat circuit. *)
Definition wref G (w : Z * lit) : Z * flit := (fst w, lref G (snd w)).

(* A tree as a gate of the flat circuit. *)
Definition number1 (G : list tree) (t : tree) : fgate :=
  match t with
  | TIn _ => FAnd []
  | TAnd ls => FAnd (map (lref G) ls)
  | TOr ls => FOr (map (lref G) ls)
  | TThr ws t => FThr (map (wref G) ws) t
  end.

(* All gates of a list as those of a flat circuit. *)
Definition number (G : list tree) : list fgate := map (number1 G) G.

(* A gate of a list is found in it, even if more gates follow. *)
Lemma index_in g G post :
  In g G -> index g (G ++ post) < length G /\ nth (index g (G ++ post)) G (TIn 0) = g.
Proof.
  induction G as [| h G IH]; simpl; [easy |]. intro H.
  destruct (teqb g h) eqn:E.
  - apply teqb_eq in E. split; [lia | auto].
  - destruct H as [-> | H]; [rewrite (proj2 (teqb_eq g g)) in E; auto; discriminate |].
    destruct (IH H). split; [lia | auto].
Qed.

(* Conjunctions agree if their literals do, under a renaming h. *)
Lemma forallb_ext' {A B} (f : A -> bool) (g : B -> bool) (h : A -> B) ls :
  (forall l, In l ls -> f l = g (h l)) -> forallb f ls = forallb g (map h ls).
Proof. induction ls; simpl; auto. intro H. rewrite H, IHls; auto. Qed.

(* Disjunctions agree if their literals do, under a renaming h. *)
Lemma existsb_ext' {A B} (f : A -> bool) (g : B -> bool) (h : A -> B) ls :
  (forall l, In l ls -> f l = g (h l)) -> existsb f ls = existsb g (map h ls).
Proof. induction ls; simpl; auto. intro H. rewrite H, IHls; auto. Qed.

(* A wire has the value of its tree. *)
Lemma rval_tref ni x pre post t :
  good ni pre t -> rval x (map (teval x) pre) (tref (pre ++ post) t) = teval x t.
Proof.
  intro H.
  assert (D : (exists i, t = TIn i) \/ tref (pre ++ post) t = RGate (index t (pre ++ post)) /\
    In t pre) by (destruct t; simpl in *; eauto).
  destruct D as [[i ->] | [-> I]]; auto. simpl.
  destruct (index_in t pre post I) as [L N].
  rewrite (nth_indep _ false (teval x (TIn 0))) by (rewrite map_length; auto).
  now rewrite map_nth, N.
Qed.

(* A wire has the level of its tree. *)
Lemma rlev_tref ni pre post t :
  good ni pre t -> rlev (map tlev pre) (tref (pre ++ post) t) = tlev t.
Proof.
  intro H.
  assert (D : (exists i, t = TIn i) \/ tref (pre ++ post) t = RGate (index t (pre ++ post)) /\
    In t pre) by (destruct t; simpl in *; eauto).
  destruct D as [[i ->] | [-> I]]; auto. simpl.
  destruct (index_in t pre post I) as [L N].
  rewrite (nth_indep _ 0 (tlev (TIn 0))) by (rewrite map_length; auto).
  now rewrite map_nth, N.
Qed.

(* A gate has the value of its tree. *)
Lemma gval_number1 ni x pre post g :
  fits ni pre g -> gval x (map (teval x) pre) (number1 (pre ++ post) g) = teval x g.
Proof.
  intros [I K]. destruct g; simpl in *; [easy | | |]; symmetry.
  - apply forallb_ext'. intros l Hl. unfold lval, lref; simpl.
    rewrite (rval_tref ni); auto. apply K, in_map, Hl.
  - apply existsb_ext'. intros l Hl. unfold lval, lref; simpl.
    rewrite (rval_tref ni); auto. apply K, in_map, Hl.
  - f_equal. apply wsum_ext. intros w Hw.
    unfold lval, lref; simpl. rewrite (rval_tref ni); auto.
    apply K, in_map_iff. eauto.
Qed.

(* A gate reads what its tree reads. *)
Lemma gargs_number1 G g : gargs (number1 G g) = map (tref G) (kids g).
Proof. destruct g; simpl; rewrite ?map_map; auto. Qed.

(* The level of a gate, by those of what it reads. *)
Lemma tlev_kids g : isgate g -> tlev g = S (list_max (map tlev (kids g))).
Proof. destruct g; simpl; [easy | | |]; now rewrite map_map. Qed.

(* A gate has the level of its tree. *)
Lemma glev_number1 ni pre post g :
  fits ni pre g -> glev (map tlev pre) (number1 (pre ++ post) g) = tlev g.
Proof.
  intros [I K]. unfold glev.
  rewrite gargs_number1, tlev_kids, map_map by auto. do 2 f_equal.
  apply map_ext_in. intros c C. eapply rlev_tref, K, C.
Qed.

(* The flat circuit has the values of the trees. *)
Lemma run_number ni x G : topo ni G -> run x (number G) = map (teval x) G.
Proof.
  intro T. unfold number.
  enough (H : forall pre post, G = pre ++ post -> run x (map (number1 G) pre) = map (teval x) pre)
    by (apply (H G []); now rewrite app_nil_r).
  induction pre as [| g pre IH] using rev_ind; intros post E; auto.
  unfold run. rewrite !map_app, fold_left_app. simpl.
  rewrite <- app_assoc in E. simpl in E. unfold run in IH.
  rewrite (IH _ E). f_equal. f_equal. rewrite E.
  eapply gval_number1, T, E.
Qed.

(* The flat circuit has the levels of the trees. *)
Lemma levels_number ni G : topo ni G -> levels (number G) = map tlev G.
Proof.
  intro T. unfold number.
  enough (H : forall pre post, G = pre ++ post -> levels (map (number1 G) pre) = map tlev pre)
    by (apply (H G []); now rewrite app_nil_r).
  induction pre as [| g pre IH] using rev_ind; intros post E; auto.
  unfold levels. rewrite !map_app, fold_left_app. simpl.
  rewrite <- app_assoc in E. simpl in E. unfold levels in IH.
  rewrite (IH _ E). f_equal. f_equal. rewrite E.
  eapply glev_number1, T, E.
Qed.

(* ---- integer sums of literals ---- *)

(* A constant and weighted literals, which stand for an integer. *)
Definition sum := (Z * list (Z * lit))%type.

(* The integer that a sum stands for. *)
Definition seval x (s : sum) : Z := (fst s + wsum (leval x) (snd s))%Z.

(* The literals of a sum. *)
Definition lits (s : sum) : list lit := map snd (snd s).

(* The flat circuit of a list of gates G and output numbers os. *)
Definition circuit_of (ni : nat) (G : list tree) (os : list sum) : circuit :=
  mkCircuit ni (number G) (map (fun s => (fst s, map (wref G) (snd s))) os).

(* The flat circuit is well formed, has the size, depth and values of its trees. *)
Theorem circuit_of_ok ni G os :
  topo ni G -> (forall s l, In s os -> In l (lits s) -> good ni G (snd l)) ->
  let c := circuit_of ni G os in
  wf c /\ size c = length G /\ depth c = list_max (map tlev G) /\
    forall x, eval c x = map (seval x) os.
Proof.
  intros T O c. split; [split |].
  - intros k g. simpl. unfold number. intro E.
    destruct (nth_error G k) as [t |] eqn:N; [| apply nth_error_None in N;
      assert (k < length (map (number1 G) G)) by (apply nth_error_Some; congruence);
      rewrite map_length in *; lia].
    rewrite (map_nth_error _ _ _ N) in E. injection E as <-.
    destruct (nth_error_split _ _ N) as (pre & post & EG & L).
    destruct (T _ _ _ EG) as [_ K]. rewrite gargs_number1.
    apply Forall_map, Forall_forall. intros r R. specialize (K r R).
    assert (D : (exists i, r = TIn i) \/ tref G r = RGate (index r G) /\ In r pre)
      by (destruct r; simpl in *; eauto).
    destruct D as [[i ->] | [-> I]]; auto. simpl. rewrite EG, <- L.
    now apply index_in.
  - simpl. unfold size; simpl. unfold number.
    rewrite map_length. apply Forall_map, Forall_forall. intros s S.
    simpl. apply Forall_map, Forall_forall. intros w W.
    simpl. specialize (O s (snd w) S).
    assert (K : good ni G (snd (snd w))) by (apply O; unfold lits; now apply in_map).
    destruct w as [w [b r]]; simpl in *.
    assert (D : (exists i, r = TIn i) \/ tref G r = RGate (index r G) /\ In r G)
      by (destruct r; simpl in *; eauto).
    destruct D as [[i ->] | [-> I]]; auto. simpl.
    destruct (index_in r G [] I). rewrite app_nil_r in *. auto.
  - split; [unfold size; simpl; unfold number; now rewrite map_length |].
    split; [unfold depth; simpl; now rewrite (levels_number ni) |].
    intro x. unfold eval. simpl.
    rewrite (run_number ni), map_map by auto. apply map_ext_in.
    intros s S. simpl. unfold seval. f_equal. symmetry.
    apply wsum_ext. intros w W. unfold leval, lval, lref; simpl.
    f_equal. symmetry. specialize (rval_tref ni x G [] (snd (snd w))).
    rewrite app_nil_r. intro R. apply R. eapply O; eauto.
    unfold lits. now apply in_map.
Qed.
Print Assumptions circuit_of_ok.
