(* Circuits whose gates are replaced by small circuits: each gate becomes a block of gates, the
   last of which has its value. Any circuit keeps what it computes. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Lists.
Import ListNotations.

(* ---- renaming ---- *)

(* A literal whose wire is renamed. *)
Definition lmove (f : ref -> ref) (l : flit) : flit := (fst l, f (snd l)).

(* A gate whose wires are renamed. *)
Definition rename (f : ref -> ref) (g : fgate) : fgate :=
  match g with
  | FAnd ls => FAnd (map (lmove f) ls)
  | FOr ls => FOr (map (lmove f) ls)
  | FThr ws t => FThr (map (fun w => (fst w, lmove f (snd w))) ws) t
  end.

(* A wire, where the gates have moved to the places pos. *)
Definition move (pos : list nat) (r : ref) : ref :=
  match r with RIn i => RIn i | RGate g => RGate (nth g pos 0) end.

(* A renamed gate reads renamed wires. *)
Lemma gargs_rename f g : gargs (rename f g) = map f (gargs g).
Proof. destruct g; simpl; rewrite !map_map; auto. Qed.

(* A renamed gate has the same value if its wires do. *)
Lemma gval_rename x f vs us g :
  (forall r, In r (gargs g) -> rval x vs (f r) = rval x us r) ->
  gval x vs (rename f g) = gval x us g.
Proof.
  intro H.
  assert (L : forall l, In (snd l) (gargs g) -> lval x vs (lmove f l) = lval x us l)
    by (intros l I; unfold lval; simpl; now rewrite H).
  destruct g as [ls | ls | ws t]; simpl in *.
  - induction ls; simpl in *; auto. rewrite L, IHls; auto.
  - induction ls; simpl in *; auto. rewrite L, IHls; auto.
  - f_equal. symmetry. apply wsum_ext. intros w W. symmetry. apply L.
    now apply (in_map (fun w => snd (snd w))).
Qed.

(* ---- expansion ---- *)

(* pre are gates that come first, e bounds their levels; block k g is what becomes of the gate g,
   after k gates: no more than size gates with no more than price g wires, on at most rate levels
   for one. It is known of gates that P holds before, and is to be shown that Q holds then. *)
Section Expand.
  Variables (pre : list fgate) (e : nat) (block : nat -> fgate -> list fgate) (size rate : nat).
  Variables (price : fgate -> nat) (P Q : fgate -> Prop).
  Hypothesis PRE : (forall ni, ordered ni pre) /\ list_max (levels pre) <= e /\ Forall Q pre.
  Hypothesis REN : forall f g, price (rename f g) = price g /\ (P g -> P (rename f g)).
  Hypothesis BLOCK : forall ni k g, P g -> length pre <= k -> Forall (ref_ok ni k) (gargs g) ->
    let b := block k g in
    1 <= length b <= size /\ list_sum (map fan_in b) <= price g /\ Forall Q b /\
    (forall j h, nth_error b j = Some h -> Forall (ref_ok ni (k + j)) (gargs h)) /\
    (forall x us, let vs := run x pre ++ us in length vs = k ->
      nth (pred (length b)) (after (gval x) vs b) false = gval x vs g) /\
    (forall us l, let ls := levels pre ++ us in length ls = k -> e <= l ->
      Forall (fun r => rlev ls r <= l) (gargs g) -> Forall (fun m => m <= l + rate)
      (after glev ls b)).

  (* Gates and their places after one more gate. *)
  Definition grow (s : list fgate * list nat) (g : fgate) : list fgate * list nat :=
    let b := block (length (fst s)) (rename (move (snd s)) g) in
    (fst s ++ b, snd s ++ [length (fst s) + pred (length b)]).

  (* Gates and their places after all of a list. *)
  Definition grown (gs : list fgate) : list fgate * list nat := fold_left grow gs (pre, []).

  (* A circuit with all of its gates replaced. *)
  Definition expand (c : circuit) : circuit :=
    let s := grown (gates c) in
    mkCircuit (inputs c) (fst s)
      (map (fun o => (fst o, map (fun w => (fst w, lmove (move (snd s)) (snd w))) (snd o)))
        (outs c)).

  (* The gates gs and places pos stand for the gates old. *)
  Record Grown (ni : nat) (old gs : list fgate) (pos : list nat) : Prop := mkGrown {
    w_pre : exists us, gs = pre ++ us;
    w_len : length pos = length old;
    w_size : length gs <= length pre + size * length old;
    w_price : list_sum (map fan_in gs) <=
      list_sum (map fan_in pre) + list_sum (map price old);
    w_q : Forall Q gs;
    w_ord : ordered ni gs;
    w_pos : forall k, k < length old -> nth k pos 0 < length gs;
    w_val : forall x k, k < length old ->
      nth (nth k pos 0) (run x gs) false = nth k (run x old) false;
    w_lev : forall k, k < length old ->
      nth (nth k pos 0) (levels gs) 0 <= e + rate * nth k (levels old) 0;
    w_max : Forall (fun m => m <= e + rate * list_max (levels old)) (levels gs) }.

  (* One more gate is stood for. *)
  Lemma grow_ok ni old gs pos g :
    Grown ni old gs pos -> P g -> Forall (ref_ok ni (length old)) (gargs g) ->
    let s := grow (gs, pos) g in Grown ni (old ++ [g]) (fst s) (snd s).
  Proof.
    intros W PG R s. subst s. unfold grow. cbn [fst snd].
    set (h := rename (move pos) g). set (k := length gs). set (b := block k h).
    destruct W as [[us U] WL WS WW WQ WO WP WV WM WX].
    assert (K : length pre <= k) by (unfold k; rewrite U, app_length; lia).
    assert (RH : Forall (ref_ok ni k) (gargs h)).
    { unfold h. rewrite gargs_rename. apply Forall_map. eapply Forall_impl; [| exact R].
      intros [i | j]; simpl; auto. }
    destruct (BLOCK ni k h (proj2 (REN _ _) PG) K RH) as (B1 & BW & B2 & B3 & B4 & B5).
    fold b in B1, BW, B2, B3, B4, B5. unfold h in BW. rewrite (proj1 (REN _ _)) in BW.
    assert (V : forall x, nth (pred (length b)) (after (gval x) (run x gs) b) false =
      gval x (run x old) g).
    { intro x. specialize (B4 x (after (gval x) (run x pre) us)).
      cbv zeta in B4. rewrite <- run_app, <- U, run_length in B4. rewrite B4 by auto.
      apply gval_rename. intros r I. rewrite Forall_forall in R. specialize (R r I).
      destruct r as [i | j]; simpl in *; auto. }
    assert (L : Forall (fun m => m <= e + rate * glev (levels old) g) (after glev (levels gs) b)).
    { specialize (B5 (after glev (levels pre) us)
        (e + rate * list_max (map (rlev (levels old)) (gargs g)))).
      cbv zeta in B5. rewrite <- levels_app, <- U, levels_length in B5.
      eapply Forall_impl; [| apply B5; auto; [lia |]].
      - intros m M. unfold glev. simpl in *. lia.
      - unfold h. rewrite gargs_rename. apply Forall_map. rewrite Forall_forall in *.
        intros r I. specialize (R r I).
        assert (X : rlev (levels old) r <= list_max (map (rlev (levels old)) (gargs g))).
        { pose proof (proj1 (list_max_le (map (rlev (levels old)) (gargs g)) _)
            (Nat.le_refl _)) as F.
          rewrite Forall_forall in F. apply F. now apply in_map. }
        destruct r as [i | j]; simpl in *; [lia |]. specialize (WM j R). nia. }
    constructor.
    - exists (us ++ b). now rewrite U, app_assoc.
    - rewrite !app_length. simpl. lia.
    - rewrite !app_length. simpl. lia.
    - rewrite !map_app, !list_sum_app. simpl. lia.
    - now apply Forall_app.
    - now apply ordered_app.
    - intros j J. rewrite app_length in *. simpl in J.
      destruct (Nat.eq_dec j (length old)) as [-> | D]; [rewrite nth_final by auto; lia |].
      rewrite app_nth1 by lia. specialize (WP j). lia.
    - intros x j J. rewrite app_length in J. simpl in J. rewrite !run_app.
      destruct (Nat.eq_dec j (length old)) as [-> | D].
      + simpl. rewrite !nth_final by (auto using run_length).
        rewrite nth_second by apply run_length. apply V.
      + specialize (WP j). specialize (WV x j).
        rewrite app_nth1 with (l := pos) by lia.
        rewrite (app_nth1 (run x gs)), (app_nth1 (run x old)) by (rewrite run_length; lia).
        apply WV. lia.
    - intros j J. rewrite app_length in J. simpl in J. rewrite !levels_app.
      destruct (Nat.eq_dec j (length old)) as [-> | D].
      + simpl. rewrite !nth_final by (auto using levels_length).
        rewrite nth_second by apply levels_length. rewrite Forall_forall in L.
        apply L, nth_In. rewrite after_length. lia.
      + specialize (WP j). specialize (WM j).
        rewrite app_nth1 with (l := pos) by lia.
        rewrite (app_nth1 (levels gs)), (app_nth1 (levels old)) by (rewrite levels_length; lia).
        apply WM. lia.
    - rewrite !levels_app. cbn [after]. apply Forall_app.
      split; eapply Forall_impl; try exact WX; try exact L; cbv beta; intros m M;
        (eapply Nat.le_trans; [exact M |]);
        apply Nat.add_le_mono_l, Nat.mul_le_mono_l; rewrite list_max_app; [lia |].
      unfold list_max. cbn [fold_right]. lia.
  Qed.

  (* All gates are stood for. *)
  Lemma grown_ok ni gs : ordered ni gs -> Forall P gs ->
    let s := grown gs in Grown ni gs (fst s) (snd s).
  Proof.
    intros O F. unfold grown. cbv zeta.
    assert (S : Grown ni [] pre []).
    { destruct PRE as (A & B & C). constructor; auto; try (simpl; lia).
      - exists []. now rewrite app_nil_r.
      - rewrite Nat.mul_0_r, Nat.add_0_r. now apply list_max_le. }
    assert (G : forall rest old hs pos, gs = old ++ rest -> Grown ni old hs pos ->
      let s := fold_left grow rest (hs, pos) in Grown ni gs (fst s) (snd s)).
    { induction rest as [| g rest IH]; intros old hs pos E W; simpl.
      - rewrite app_nil_r in E. now subst old.
      - pose proof (IH (old ++ [g]) (fst (grow (hs, pos) g)) (snd (grow (hs, pos) g))) as H.
        rewrite <- surjective_pairing in H. apply H; [now rewrite <- app_assoc |].
        apply grow_ok; auto.
        + rewrite Forall_forall in F. apply F. rewrite E. apply in_or_app. right. now left.
        + apply (O (length old)). rewrite E, nth_error_app2, Nat.sub_diag; auto. }
    now apply (G gs [] pre []).
  Qed.

  (* The circuit computes the same, within bounds. *)
  Theorem expand_ok c : wf c -> Forall P (gates c) -> let d := expand c in
    wf d /\ depth d <= e + rate * depth c /\
    Circuit.size d <= length pre + size * Circuit.size c /\
    wires d <= list_sum (map fan_in pre) + list_sum (map price (gates c)) /\
    Forall Q (gates d) /\ forall x, eval d x = eval c x.
  Proof.
    intros [O OUT] F d. pose proof (grown_ok (inputs c) (gates c) O F) as W. cbv zeta in W.
    unfold d, expand. set (s := grown (gates c)) in *. cbn [inputs gates outs].
    destruct W as [_ WL WS WW WQ WO WP WV WM WX].
    split; [split; [exact WO |] |
      split; [| split; [exact WS | split; [exact WW | split; [exact WQ |]]]]].
    - apply Forall_map. eapply Forall_impl; [| exact OUT]. intros o H.
      cbn [snd]. apply Forall_map. eapply Forall_impl; [| exact H].
      intros [w [b [i | k]]]; simpl; auto.
    - unfold depth. cbn [gates]. now apply list_max_le.
    - intro x. unfold eval. cbn [gates outs]. rewrite map_map. apply map_ext_in.
      intros o I. cbn [fst snd]. f_equal. symmetry. apply wsum_ext. intros w J.
      symmetry. unfold lval, lmove. cbn [fst snd]. f_equal.
      rewrite Forall_forall in OUT. specialize (OUT o I). rewrite Forall_forall in OUT.
      specialize (OUT w J). destruct w as [w [b [i | k]]]; simpl in *; auto.
  Qed.
End Expand.
Print Assumptions expand_ok.
